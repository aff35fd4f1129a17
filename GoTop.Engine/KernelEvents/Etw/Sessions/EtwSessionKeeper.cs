using Microsoft.Diagnostics.Tracing;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>This process's end, however it comes about: of its own accord, by a signal, or by an exception that nobody caught.</summary>
internal interface IProcessEnd
{
    event Action? Ending;
}

/// <summary>
/// Sees to it that no session outlives this process: what is still open when it ends is ended. Of a process that is killed nothing
/// is left to do so; that is swept when another one begins (<see cref="SessionNames"/>).
/// </summary>
internal sealed class EtwSessionKeeper : IEtwSystem
{
    private readonly IEtwSystem _system;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public EtwSessionKeeper(IEtwSystem system, IProcessEnd end)
    {
        _system = system;
        end.Ending += EndAll;
    }

    public bool? IsElevated => _system.IsElevated;

    public bool? IsPerformanceLogUser => _system.IsPerformanceLogUser;

    public bool? HasProfileRight => _system.HasProfileRight;

    public IReadOnlyList<string> ActiveSessions() => _system.ActiveSessions();

    public void Stop(string session) => _system.Stop(session);

    public Guid? RegisteredProvider(string name) => _system.RegisteredProvider(name);

    public IEtwSession Start(string name, EtwRequest request)
    {
        Keep(name);
        return Kept(name, () => new Session(_system.Start(name, request), () => Forget(name)));
    }

    public IEtwRecorder StartRecorder(string name, int megabytes, EtwRequest request)
    {
        Keep(name);
        return Kept(name, () => new Recorder(_system.StartRecorder(name, megabytes, request), () => Forget(name)));
    }

    public void WriteNames(string name, string path)
    {
        Keep(name);
        try
        {
            _system.WriteNames(name, path);
        }
        finally
        {
            Forget(name);
        }
    }

    private void EndAll()
    {
        string[] left;
        lock (_lock)
        {
            left = [.. _open];
            _open.Clear();
        }

        foreach (string name in left)
        {
            try
            {
                _system.Stop(name);
            }
            catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
            {
                // The next GoTop sweeps it; the others are to be ended all the same.
            }
        }
    }

    /// <summary>Before it is started: the process may end while it is.</summary>
    private void Keep(string name)
    {
        lock (_lock) _open.Add(name);
    }

    private void Forget(string name)
    {
        lock (_lock) _open.Remove(name);
    }

    private T Kept<T>(string name, Func<T> start)
    {
        try
        {
            return start();
        }
        catch
        {
            Forget(name);
            throw;
        }
    }

    private sealed class Session(IEtwSession session, Action ended) : IEtwSession
    {
        public TraceEventDispatcher Source => session.Source;

        public long EventsLost => session.EventsLost;

        public void Flush() => session.Flush();

        public void Process() => session.Process();

        public void Dispose()
        {
            session.Dispose();
            ended();
        }
    }

    private sealed class Recorder(IEtwRecorder recorder, Action ended) : IEtwRecorder
    {
        public void Save(string path) => recorder.Save(path);

        public void Dispose()
        {
            recorder.Dispose();
            ended();
        }
    }
}
