using Microsoft.Diagnostics.Tracing;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// ETW's sessions as the operating system has them: thin calls, so that whatever is decided about sessions is tested without
/// Windows. Refusals come as the exceptions that TraceEvent throws; <see cref="EtwRefusal"/> says them in words.
/// </summary>
internal interface IEtwSystem
{
    /// <summary>Null where the system cannot tell.</summary>
    bool? IsElevated { get; }

    /// <summary>Whether this user is a member of Performance Log Users; null where the system cannot tell.</summary>
    bool? IsPerformanceLogUser { get; }

    /// <summary>Whether this process holds SeSystemProfilePrivilege, enabled or not; null where the system cannot tell.</summary>
    bool? HasProfileRight { get; }

    /// <summary>Names of all sessions of the machine.</summary>
    IReadOnlyList<string> ActiveSessions();

    void Stop(string session);

    /// <summary>The GUID of a provider by the name under which Windows knows it; null when it does not.</summary>
    Guid? RegisteredProvider(string name);

    /// <summary>Starts a session whose events come to this process while they happen.</summary>
    /// <param name="name">Of nobody else: a session of that name would be ended.</param>
    IEtwSession Start(string name, EtwRequest request);

    /// <summary>Starts a session that keeps the newest events in memory and hands none over.</summary>
    IEtwRecorder StartRecorder(string name, int megabytes, EtwRequest request);

    /// <summary>Writes an .etl that lists the processes, threads and images that there are: a session into a file that is ended at once.</summary>
    void WriteNames(string name, string path);
}

/// <summary>A session that runs; disposing of it ends it.</summary>
internal interface IEtwSession : IDisposable
{
    /// <summary>Parsers are subscribed to before <see cref="Process"/>.</summary>
    TraceEventDispatcher Source { get; }

    /// <summary>Since it began, as the system has it now.</summary>
    long EventsLost { get; }

    /// <summary>Hands over what lies in buffers that are not full; otherwise that waits for up to a second.</summary>
    void Flush();

    /// <summary>Calls the parsers with each event, until the session ends.</summary>
    void Process();
}

/// <summary>A session in memory; disposing of it ends it and forgets what it kept.</summary>
internal interface IEtwRecorder : IDisposable
{
    /// <summary>Writes what is kept into a file and goes on.</summary>
    void Save(string path);
}
