using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Unsupported;

/// <summary>A system that GoTop knows nothing of: remote targets and recordings still work.</summary>
public sealed class UnsupportedPlatform : IPlatform
{
    private const string Reason = "GoTop reads local processes on Linux and Windows only; use a URL or a recording here";

    public string Name => RuntimeInformation.OSDescription;

    public ImmutableArray<ProcessEntry> ListProcesses() => [];

    public Reading<ProcessKey> FindProcess(int processId) => Reading.NotSupported<ProcessKey>(Reason);

    public bool IsAlive(ProcessKey process) => false;

    public Reading<ExecutablePath> Executable(ProcessKey process) => Reading.NotSupported<ExecutablePath>(Reason);

    public Reading<string> User(ProcessKey process) => Reading.NotSupported<string>(Reason);

    public Reading<DateTimeOffset> StartedAt(ProcessKey process) => Reading.NotSupported<DateTimeOffset>(Reason);

    public Reading<ImmutableArray<string>> CommandLine(ProcessKey process) => Reading.NotSupported<ImmutableArray<string>>(Reason);

    public Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts() =>
        Reading.NotSupported<ImmutableDictionary<int, ImmutableArray<ListeningPort>>>(Reason);

    public Reading<ImmutableDictionary<int, string>> Services() => Reading.NotSupported<ImmutableDictionary<int, string>>(Reason);

    public Reading<HostCounters> ReadHost() => Reading.NotSupported<HostCounters>(Reason);

    public Reading<ProcessCounters> ReadProcess(ProcessKey process) => Reading.NotSupported<ProcessCounters>(Reason);

    public Reading<ContainerCounters> ReadContainer(ProcessKey process) => Reading.NotSupported<ContainerCounters>(Reason);

    public Reading<ProcessMemory> OpenMemory(ProcessKey process) => Reading.NotSupported<ProcessMemory>(Reason);

    public long RuntimeClockNanoseconds() => 0;
}
