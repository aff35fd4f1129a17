using System.Collections.Immutable;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Model;

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

    /// <summary>Services or units by the id of their main process and of every process in them.</summary>
    Reading<ImmutableDictionary<int, string>> Services();

    Reading<HostCounters> ReadHost();

    Reading<ProcessCounters> ReadProcess(ProcessKey process);

    Reading<ContainerCounters> ReadContainer(ProcessKey process);

    /// <summary>
    /// Opens the memory of a process, and says where its executable is mapped. Denied says what would allow it
    /// (Yama ptrace_scope, CAP_SYS_PTRACE, same user, elevation).
    /// </summary>
    Reading<ProcessMemory> OpenMemory(ProcessKey process);

    /// <summary>
    /// The clock that Go's nanotime reads on this system, in nanoseconds: CLOCK_MONOTONIC on Linux, interrupt time on
    /// Windows (which moves with the timer tick). What a goroutine's wait time counts from.
    /// </summary>
    long RuntimeClockNanoseconds();
}

/// <param name="Name">Short name without path, as the system's own process list shows it.</param>
public readonly record struct ProcessEntry(ProcessKey Key, string Name, int ParentProcessId);

/// <param name="OpenPath">To open the file with.</param>
/// <param name="DisplayPath">To show.</param>
public readonly record struct ExecutablePath(string OpenPath, string DisplayPath);

/// <param name="Address">The address it is bound to, e.g. <c>127.0.0.1</c>, <c>::</c>.</param>
public readonly record struct ListeningPort(string Address, int Port);

/// <param name="ExecutableBase">Where the executable's first byte is mapped (its lowest mapping; the image base on Windows).</param>
public sealed record ProcessMemory(IMemoryReader Reader, ulong ExecutableBase);
