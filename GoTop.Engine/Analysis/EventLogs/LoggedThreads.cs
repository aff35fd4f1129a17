using GoTop.Engine.KernelEvents.Etw;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>
/// Which process the threads were of that ran already when the log began. It may tell so at its end alone: a session in memory
/// has overwritten its beginning by then.
/// </summary>
internal sealed class LoggedThreads
{
    private const int MaxThreads = 500_000;

    private readonly Dictionary<int, int> _processes = [];
    private readonly HashSet<int> _told = [];

    public LoggedThreads(KernelTraceEventParser kernel)
    {
        kernel.ThreadStart += started => _told.Add(started.ThreadID);
        kernel.ThreadDCStart += Ran;
        kernel.ThreadDCStop += Ran;
        kernel.ThreadStop += Ran;
    }

    /// <summary>Any of them ran already, and is told only afterwards.</summary>
    public bool TellsAnyOf(IEnumerable<int> threads) => threads.Any(_processes.ContainsKey);

    public ThreadOwners Owners()
    {
        ThreadOwners owners = new();
        foreach ((int thread, int process) in _processes) owners.Start(thread, process);
        return owners;
    }

    /// <summary>The first that is told of a number: later ones are of threads that have got it again.</summary>
    private void Ran(ThreadTraceData data)
    {
        if (_processes.Count < MaxThreads && data.ThreadID > 0 && data.ProcessID >= 0 && _told.Add(data.ThreadID)) _processes[data.ThreadID] = data.ProcessID;
    }
}
