using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Tests.Support;

/// <summary>A machine with the processes a test puts on it.</summary>
internal sealed class FakePlatform : IPlatform
{
    private readonly SortedDictionary<int, FakeProcess> _processes = [];

    public string Name => "Fake";

    /// <summary>How often an executable's path was asked for.</summary>
    public int ExecutablesAsked;

    public void Add(FakeProcess process) => _processes[process.Id] = process;

    public void End(int id) => _processes.Remove(id);

    public ImmutableArray<ProcessEntry> ListProcesses() => [.. _processes.Values.Select(p => new ProcessEntry(p.Key, p.Name, p.Parent))];

    public Reading<ProcessKey> FindProcess(int processId) =>
        _processes.TryGetValue(processId, out FakeProcess? process) ? Reading.Of(process.Key) : Reading.Failed<ProcessKey>($"there is no process {processId}");

    public bool IsAlive(ProcessKey process) => _processes.TryGetValue(process.ProcessId, out FakeProcess? found) && found.Key == process && !found.EndsWhileRead;

    public Reading<ExecutablePath> Executable(ProcessKey process)
    {
        Interlocked.Increment(ref ExecutablesAsked);
        FakeProcess found = _processes[process.ProcessId];
        return found.Denied is { } reason
            ? Reading.Denied<ExecutablePath>(reason)
            : Reading.Of(new ExecutablePath(found.File, found.ShownPath ?? found.File) { Identity = found.Identity });
    }

    public Reading<string> User(ProcessKey process) => Reading.Of("shop");

    public Reading<DateTimeOffset> StartedAt(ProcessKey process) => Reading.Of(DateTimeOffset.UnixEpoch);

    public Reading<ImmutableArray<string>> CommandLine(ProcessKey process) => Reading.Of<ImmutableArray<string>>([_processes[process.ProcessId].Name, "-x"]);

    public Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts() =>
        Reading.Of(_processes.Values.Where(p => !p.Ports.IsEmpty).ToImmutableDictionary(p => p.Id, p => p.Ports));

    public Reading<ImmutableDictionary<int, string>> Services() =>
        Reading.Of(_processes.Values.Where(p => p.Service is not null).ToImmutableDictionary(p => p.Id, p => p.Service!));

    public Reading<HostCounters> ReadHost() => Reading.Failed<HostCounters>("no machine");

    public Reading<ProcessCounters> ReadProcess(ProcessKey process) => IsAlive(process)
        ? Reading.Of(new ProcessCounters { UserNanoseconds = 1, SystemNanoseconds = 2, ResidentBytes = 3, Threads = 4 })
        : Reading.Failed<ProcessCounters>("gone");

    public Reading<ContainerCounters> ReadContainer(ProcessKey process) => Reading.Denied<ContainerCounters>("not for you");

    public Reading<ProcessMemory> OpenMemory(ProcessKey process) => Reading.NotSupported<ProcessMemory>("no memory");

    public long RuntimeClockNanoseconds() => 0;

    /// <summary>Opens sessions of kernel events: the scheduler's and the cheap ones. Null for a system that has none.</summary>
    public Func<Reading<IKernelEventSession>>? KernelSessions { get; init; }

    public Func<Reading<IKernelEventSession>>? CheapKernelSessions { get; init; }

    public Reading<IKernelEventSession> OpenKernelEvents(ProcessKey process) => KernelSessions?.Invoke() ?? Reading.NotSupported<IKernelEventSession>("the fake has no kernel events");

    public Reading<IKernelEventSession> OpenCheapKernelEvents(ProcessKey process) => CheapKernelSessions?.Invoke() ?? Reading.NotSupported<IKernelEventSession>("the fake has no cheap kernel events");

    /// <summary>Starts flight recorders; null for a system that has none.</summary>
    public Func<FlightRecorderSettings, Reading<IFlightRecorder>>? Recorders { get; init; }

    public string? WhyNoFlightRecorder => Recorders is null ? "the fake has no flight recorder" : null;

    public Reading<IFlightRecorder> StartFlightRecorder(FlightRecorderSettings settings) => Recorders?.Invoke(settings) ?? Reading.NotSupported<IFlightRecorder>(WhyNoFlightRecorder!);
}

internal sealed record FakeProcess(int Id, string Name, string File)
{
    public ProcessKey Key => new(Id, (ulong)Id * 10);

    public int Parent { get; init; } = 1;

    public string? ShownPath { get; init; }

    public string? Service { get; init; }

    public string? Denied { get; init; }

    public FileIdentity? Identity { get; init; }

    public bool EndsWhileRead { get; init; }

    public ImmutableArray<ListeningPort> Ports { get; init; } = [];
}
