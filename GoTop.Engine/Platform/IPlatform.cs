using System.Collections.Immutable;
using System.Net;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform;

/// <summary>
/// Everything that depends on the operating system. An operating system is a folder beside this file;
/// <see cref="HostPlatform"/> picks one. Calls read now and keep no state between them but caches of what cannot change.
/// </summary>
public interface IPlatform
{
    /// <summary><c>Linux</c>, <c>Windows</c> or the system's own name.</summary>
    string Name { get; }

    /// <summary>All processes, cheaply: no file of any of them is opened but what listing needs.</summary>
    ImmutableArray<ProcessEntry> ListProcesses();

    /// <summary>The running life of a process id; denied or failed ("exited") otherwise.</summary>
    Reading<ProcessKey> FindProcess(int processId);

    /// <summary>True when this very process (id and start) is still running.</summary>
    bool IsAlive(ProcessKey process);

    /// <summary>
    /// The path at which the process's executable can be opened from here and now (on Linux <c>/proc/PID/exe</c>,
    /// which works when the file was replaced or deleted), with the path to show.
    /// </summary>
    Reading<ExecutablePath> Executable(ProcessKey process);

    Reading<string> User(ProcessKey process);

    Reading<DateTimeOffset> StartedAt(ProcessKey process);

    /// <summary>The argument vector.</summary>
    Reading<ImmutableArray<string>> CommandLine(ProcessKey process);

    /// <summary>TCP ports each process listens on, ascending, for all processes in one pass; those we may not see are missing.</summary>
    Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts();

    /// <summary>The same for one process. A platform that can read one alone does.</summary>
    Reading<ImmutableArray<ListeningPort>> ListeningPorts(ProcessKey process) =>
        ListeningPorts().Select(all => all.GetValueOrDefault(process.ProcessId, []));

    /// <summary>Whose own service manager runs its service; null for the system's.</summary>
    ServiceUser? ServiceUser(ProcessKey process) => null;

    /// <summary>Services or units by the id of their main process and of every process in them.</summary>
    Reading<ImmutableDictionary<int, string>> Services();

    /// <summary>The service or unit one process runs in; not supported when it runs in none.</summary>
    Reading<string> Service(ProcessKey process)
    {
        Reading<ImmutableDictionary<int, string>> services = Services();
        if (!services.TryGet(out ImmutableDictionary<int, string>? all)) return services.Absent<string>();
        return all.TryGetValue(process.ProcessId, out string? name) ? Reading.Of(name) : Reading.NotSupported<string>("it runs in no service");
    }

    Reading<HostCounters> ReadHost();

    Reading<ProcessCounters> ReadProcess(ProcessKey process);

    /// <summary>The same with its threads: both come from the same files or the same call.</summary>
    ProcessReading ReadProcessAndThreads(ProcessKey process) =>
        new(ReadProcess(process), Reading.NotSupported<ThreadTable>($"GoTop does not list threads on {Name}"));

    Reading<ContainerCounters> ReadContainer(ProcessKey process);

    /// <summary>Why <see cref="ReadContainer"/> never gives anything on this system; null where it does.</summary>
    string? NoContainers => null;

    /// <summary>The system's own counters by their paths: PerfMon's on Windows.</summary>
    Reading<ICounterQuery> OpenCounters(ImmutableArray<string> paths) => Reading.NotSupported<ICounterQuery>("performance counters are Windows'");

    /// <summary>Events that the process writes to providers of its own: ETW's on Windows.</summary>
    Reading<IProviderEvents> OpenProviderEvents(ProcessKey process, ImmutableArray<EtwProviderSettings> providers) =>
        Reading.NotSupported<IProviderEvents>("providers of events (ETW) are Windows'");

    /// <summary>
    /// Opens the memory of a process, and says where its executable is mapped. Denied says what would allow it
    /// (Yama ptrace_scope, CAP_SYS_PTRACE, same user, elevation).
    /// </summary>
    Reading<ProcessMemory> OpenMemory(ProcessKey process);

    /// <summary>Null where GoTop cannot change how processes are scheduled.</summary>
    IProcessScheduling? Scheduling => null;

    /// <summary>A process's environment, as it was started with; names and values.</summary>
    Reading<ImmutableArray<KeyValuePair<string, string>>> Environment(ProcessKey process) =>
        Reading.NotSupported<ImmutableArray<KeyValuePair<string, string>>>("the environment of a process is not read on this system");

    /// <summary>Its working directory.</summary>
    Reading<string> WorkingDirectory(ProcessKey process) => Reading.NotSupported<string>("the working directory of a process is not read on this system");

    /// <summary>
    /// Log files that the process itself has open, by paths that can be opened from here; not supported, with what its output is, when
    /// it has none.
    /// </summary>
    Reading<ImmutableArray<string>> LogFilesOf(ProcessKey process) => Reading.NotSupported<ImmutableArray<string>>($"GoTop does not list the open files of a process on {Name}");

    /// <summary>
    /// Begins to collect the kernel's events of the process's threads and, with enough rights, of those it shares cores with.
    /// Denied says what would allow it.
    /// </summary>
    Reading<IKernelEventSession> OpenKernelEvents(ProcessKey process) =>
        Reading.NotSupported<IKernelEventSession>($"GoTop does not collect kernel events on {Name}");

    /// <summary>
    /// Begins to collect the few events that cost next to nothing, of what disks, the network and hard faults do for the process.
    /// Denied says what would allow it; not supported where counters tell the same.
    /// </summary>
    Reading<IKernelEventSession> OpenCheapKernelEvents(ProcessKey process) => Reading.NotSupported<IKernelEventSession>($"GoTop collects no kernel events by the way on {Name}");

    /// <summary>Why the kernel's newest events cannot be kept for later on this system, or which right is missing; null where they can.</summary>
    string? WhyNoFlightRecorder => "the flight recorder needs event tracing (ETW), which is Windows'";

    /// <summary>Begins to keep the kernel's newest events in the system's memory.</summary>
    Reading<IFlightRecorder> StartFlightRecorder(FlightRecorderSettings settings) => Reading.NotSupported<IFlightRecorder>(WhyNoFlightRecorder ?? "");

    /// <summary>What code is mapped into the process: ascending, without overlap. For naming what is not Go's.</summary>
    Reading<ImmutableArray<CodeModule>> CodeModules(ProcessKey process) =>
        Reading.NotSupported<ImmutableArray<CodeModule>>($"GoTop does not list mapped code on {Name}");

    /// <summary>
    /// The clock that Go's nanotime reads on this system, in nanoseconds: CLOCK_MONOTONIC on Linux, interrupt time on
    /// Windows (which moves with the timer tick). What a goroutine's wait time counts from.
    /// </summary>
    long RuntimeClockNanoseconds();

    /// <summary>Which file an open handle leads to, whatever it is called by now; null where the system does not tell.</summary>
    FileNumber? NumberOf(SafeFileHandle file) => null;
}

/// <summary>A file's own number: of its device, and on it (an inode's; on Windows 128 bits).</summary>
public readonly record struct FileNumber(ulong Device, ulong High, ulong Low);

/// <param name="Name">Short name without path, as the system's own process list shows it.</param>
public readonly record struct ProcessEntry(ProcessKey Key, string Name, int ParentProcessId);

/// <summary>A process and its threads at one moment.</summary>
public readonly record struct ProcessReading(Reading<ProcessCounters> Counters, Reading<ThreadTable> Threads);

/// <param name="Begin">The first address.</param>
/// <param name="End">The first beyond it.</param>
/// <param name="Path">The file, or the system's own word: <c>[vdso]</c>; empty for memory without a file.</param>
public readonly record struct CodeModule(ulong Begin, ulong End, string Path);

/// <param name="OpenPath">To open the file with.</param>
/// <param name="DisplayPath">To show; on Linux it ends in <c> (deleted)</c> when the file was replaced or removed.</param>
public readonly record struct ExecutablePath(string OpenPath, string DisplayPath)
{
    /// <summary>Which file it is, however it is named; null where the system does not tell cheaply.</summary>
    public FileIdentity? Identity { get; init; }
}

/// <summary>Two files with equal identities hold the same bytes.</summary>
public readonly record struct FileIdentity(ulong Device, ulong FileNumber, long ModifiedNanoseconds, long LengthBytes);

/// <param name="Address">The address it is bound to, e.g. <c>127.0.0.1</c>, <c>::</c>.</param>
public readonly record struct ListeningPort(string Address, int Port)
{
    /// <summary>It is bound in another network namespace (a container's), so our own loopback does not lead to it.</summary>
    public bool OtherNetwork { get; init; }

    /// <summary>Our own loopback leads to it: the only kind of port that is asked without having been named.</summary>
    public bool IsOnLoopback =>
        !OtherNetwork && IPAddress.TryParse(Address, out IPAddress? address)
        && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || (address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(address.MapToIPv4())));
}

/// <param name="ExecutableBase">Where the executable's first byte is mapped (its lowest mapping; the image base on Windows).</param>
public sealed record ProcessMemory(IMemoryReader Reader, ulong ExecutableBase);
