using System.Runtime.Versioning;
using System.Security.Principal;
using GoTop.Engine.Platform.Windows;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Session;
using Keywords = Microsoft.Diagnostics.Tracing.Parsers.KernelTraceEventParser.Keywords;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>ETW by TraceEvent. Not proven on a real Windows: nothing is decided here.</summary>
[SupportedOSPlatform("windows")]
internal sealed class LiveEtwSystem : IEtwSystem
{
    public bool? IsElevated => TraceEventSession.IsElevated();

    public bool? IsPerformanceLogUser
    {
        get
        {
            using WindowsIdentity user = WindowsIdentity.GetCurrent();
            return new WindowsPrincipal(user).IsInRole(new SecurityIdentifier(WellKnownSidType.BuiltinPerformanceLoggingUsersSid, null));
        }
    }

    public bool? HasProfileRight => TokenPrivileges.Holds("SeSystemProfilePrivilege");

    public IReadOnlyList<string> ActiveSessions() => TraceEventSession.GetActiveSessionNames();

    public void Stop(string session)
    {
        using TraceEventSession? active = TraceEventSession.GetActiveSession(session);
        active?.Stop(noThrow: false);
    }

    public Guid? RegisteredProvider(string name) => TraceEventProviders.GetProviderGuidByName(name) is var found && found != Guid.Empty ? found : null;

    public IEtwSession Start(string name, EtwRequest request)
    {
        TraceEventSession session = new(name) { BufferSizeMB = request.BufferMegabytes, StopOnDispose = true };
        return Enable(session, request, () => new Session(session));
    }

    public IEtwRecorder StartRecorder(string name, int megabytes, EtwRequest request)
    {
        // Without a file it keeps the newest events in memory.
        TraceEventSession session = new(name, null) { CircularBufferMB = megabytes, StopOnDispose = true };
        return Enable(session, request, () => new Recorder(session));
    }

    public void WriteNames(string name, string path)
    {
        using TraceEventSession session = new(name, path) { StopOnDispose = true };
        // The kernel lists them when the session begins, and those that go on once more when it ends.
        session.EnableKernelProvider(EtwRequest.Lists.Kernel);
    }

    private static T Enable<T>(TraceEventSession session, EtwRequest request, Func<T> made)
    {
        try
        {
            // The kernel's part must come first.
            if (request.Kernel != Keywords.None) session.EnableKernelProvider(request.Kernel, request.Stacks);
            foreach (EtwProviderRequest provider in request.Providers)
                session.EnableProvider(provider.Provider, provider.Level, provider.Keywords, new TraceEventProviderOptions { ProcessIDFilter = [provider.ProcessId] });
            return made();
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private sealed class Session(TraceEventSession session) : IEtwSession
    {
        public TraceEventDispatcher Source => session.Source;

        public long EventsLost => session.EventsLost;

        public void Flush() => session.Flush();

        public void Process() => session.Source.Process();

        public void Dispose() => session.Dispose();
    }

    private sealed class Recorder(TraceEventSession session) : IEtwRecorder
    {
        public void Save(string path) => session.SetFileName(path);

        public void Dispose() => session.Dispose();
    }
}
