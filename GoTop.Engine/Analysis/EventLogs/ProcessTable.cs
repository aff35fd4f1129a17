using System.Collections.Immutable;
using GoTop.Engine.Model;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>The processes that a log names. Numbers are used again, and then the newest holds.</summary>
internal sealed class ProcessTable
{
    private const int MaxProcesses = 20_000;
    private const int MaxNameChars = 260;
    private const int MaxCommandChars = 1000;

    private readonly SortedDictionary<int, LoggedProcess> _processes = [];

    public ProcessTable(KernelTraceEventParser kernel)
    {
        kernel.ProcessStartGroup += Started;
        // A log that began after the process knows it by the list at the log's end.
        kernel.ProcessDCStop += Started;
    }

    public ImmutableArray<LoggedProcess> All => [.. _processes.Values];

    public string? NameOf(int process) => _processes.GetValueOrDefault(process)?.Name;

    private void Started(ProcessTraceData data)
    {
        if (data.ProcessID < 0 || (_processes.Count >= MaxProcesses && !_processes.ContainsKey(data.ProcessID))) return;
        string name = PlainText.Clean(data.KernelImageFileName, MaxNameChars);
        name = name[(name.LastIndexOf('\\') + 1)..];
        string command = PlainText.Clean(data.CommandLine, MaxCommandChars);
        _processes[data.ProcessID] = new LoggedProcess(data.ProcessID, name.Length > 0 ? name : null, data.ParentID < 0 ? null : data.ParentID, command.Length > 0 ? command : null, null, null);
    }
}
