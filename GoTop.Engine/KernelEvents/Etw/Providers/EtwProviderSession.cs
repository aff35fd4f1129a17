using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Session;

namespace GoTop.Engine.KernelEvents.Etw.Providers;

/// <summary>The target's own events while they happen, in a session apart from the kernel's: these have a filter by process.</summary>
internal sealed class EtwProviderSession : IProviderEvents
{
    private const int BufferMegabytes = 4;
    private const string NeedsRights = "collecting a service's own events needs an administrator or a member of Performance Log Users";

    private readonly IEtwSession _session;
    private readonly ProviderEventTally _tally = new();
    private readonly Thread _thread;
    private readonly TimeProvider _time;
    private long _takenAt;
    private long _lostBefore;

    private EtwProviderSession(IEtwSession session, TimeProvider time)
    {
        _session = session;
        _time = time;
        _takenAt = time.GetTimestamp();
        _ = new ProviderEventMapping(session.Source, _tally);
        _thread = new Thread(Run) { IsBackground = true, Name = "GoTop ETW providers" };
        _thread.Start();
    }

    /// <param name="isAlive">Whether there is a process of that number.</param>
    public static Reading<IProviderEvents> Open(
        IEtwSystem system, TimeProvider time, int target, int ownProcess, Func<int, bool> isAlive, bool isWine, ImmutableArray<EtwProviderSettings> providers)
    {
        if (isWine) return Reading.NotSupported<IProviderEvents>("Wine does not trace events (ETW)");
        try
        {
            SessionNames.Sweep(system, isAlive);
            EtwRequest request = new()
            {
                Providers = [.. providers.Select(provider => new EtwProviderRequest(GuidOf(system, provider), (TraceEventLevel)provider.Level, provider.Keywords, target))],
                BufferMegabytes = BufferMegabytes,
            };
            string name = SessionNames.Of(string.Create(CultureInfo.InvariantCulture, $"Providers-{target}"), ownProcess);
            return Reading.Of<IProviderEvents>(new EtwProviderSession(system.Start(name, request), time));
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<IProviderEvents>(refused, NeedsRights);
        }
    }

    public ImmutableArray<SystemCounter> Take()
    {
        _session.Flush();
        long lost = _session.EventsLost;
        if (lost > _lostBefore) _tally.AddLost(lost - _lostBefore);
        _lostBefore = lost;
        long now = _time.GetTimestamp();
        double seconds = _time.GetElapsedTime(_takenAt, now).TotalSeconds;
        if (seconds <= 0) return [];
        _takenAt = now;
        return _tally.Take(seconds);
    }

    public void Dispose()
    {
        // Ends the processing, and with it the thread.
        _session.Dispose();
        _thread.Join();
    }

    /// <summary>A provider that is not registered with Windows has the GUID that its name gives, in Go as in .NET.</summary>
    private static Guid GuidOf(IEtwSystem system, EtwProviderSettings provider) =>
        provider.Id ?? system.RegisteredProvider(provider.Name!) ?? TraceEventProviders.GetEventSourceGuidFromName(provider.Name!);

    private void Run()
    {
        try
        {
            _session.Process();
        }
        catch (Exception ended) when (EtwRefusal.IsRefusal(ended))
        {
            // Somebody else has ended the session; the next reading of it says so.
        }
    }
}
