using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Linux;
using GoTop.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Linux by its /proc and /sys, live or recorded.</summary>
public sealed class LinuxPlatform : IPlatform
{
    private const int MostProcesses = 1 << 20;
    private const int LargestCommandLine = 64 << 10;
    private const int CommonClockTicksPerSecond = 100;

    private readonly ProcFiles _files;
    private readonly long _clockTicksPerSecond;
    private readonly ProcessCounterReader _processes;
    private readonly HostReader _host;
    private readonly ControlGroups _controlGroups;
    private readonly ProcessMemoryOpener _memory;
    private readonly KernelSymbols _kernelSymbols;

    // The moment of boot does not change; /proc/stat is too large to be read for each process of a list.
    private readonly Lazy<long?> _bootTimeSeconds;

    internal LinuxPlatform(ProcFiles files, long clockTicksPerSecond = CommonClockTicksPerSecond)
    {
        _files = files;
        _clockTicksPerSecond = clockTicksPerSecond;
        _processes = new ProcessCounterReader(files, clockTicksPerSecond);
        _host = new HostReader(files, clockTicksPerSecond);
        _controlGroups = new ControlGroups(files);
        _memory = new ProcessMemoryOpener(files);
        _kernelSymbols = new KernelSymbols(files);
        _bootTimeSeconds = new Lazy<long?>(() => HostReader.BootTimeSeconds(files));
    }

    /// <summary>The running system.</summary>
    [SupportedOSPlatform("linux")]
    public static LinuxPlatform Live()
    {
        long ticks = NativeMethods.SystemConfiguration(NativeMethods.ClockTicksPerSecond);
        return new LinuxPlatform(new KernelFiles("/"), ticks > 0 ? ticks : CommonClockTicksPerSecond);
    }

    /// <summary>A recorded tree (eng/record-proc.sh), readable on any system.</summary>
    /// <param name="root">The folder that holds <c>proc</c>, <c>sys</c> and <c>etc</c>.</param>
    public static LinuxPlatform Recorded(string root) => new(new RecordedFiles(root));

    public string Name => "Linux";

    public ImmutableArray<ProcessEntry> ListProcesses()
    {
        List<int> ids = [];
        _files.ListNumbers("/proc", ids, MostProcesses);
        ImmutableArray<ProcessEntry>.Builder entries = ImmutableArray.CreateBuilder<ProcessEntry>(ids.Count);
        Span<byte> buffer = stackalloc byte[1024];
        foreach (int id in ids)
        {
            if (TryReadStat(id, buffer, out ProcStat stat) == 0 && !stat.HasEnded)
                entries.Add(new ProcessEntry(new ProcessKey(id, stat.StartTicks), stat.NameText, stat.ParentProcessId));
        }

        return entries.DrainToImmutable();
    }

    public Reading<ProcessKey> FindProcess(int processId)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int error = TryReadStat(processId, buffer, out ProcStat stat);
        if (error < 0)
        {
            return Errno.IsGone(error)
                ? Reading.Failed<ProcessKey>($"there is no process {processId}, or it has exited")
                : ProcessCounterReader.Unreadable<ProcessKey>(processId, "stat", error);
        }

        return stat.HasEnded
            ? Reading.Failed<ProcessKey>(ProcessCounterReader.Ended(processId))
            : Reading.Of(new ProcessKey(processId, stat.StartTicks));
    }

    public bool IsAlive(ProcessKey process)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return TryReadStat(process.ProcessId, buffer, out ProcStat stat) == 0 && stat.StartTicks == process.StartToken && !stat.HasEnded;
    }

    public Reading<ExecutablePath> Executable(ProcessKey process)
    {
        int pid = process.ProcessId;
        Span<byte> link = stackalloc byte[4096];
        int length = _files.ReadLink(pid, "exe"u8, link);
        if (length < 0) return NoExecutable(process, length);
        FileIdentity? identity = _files.IdentifyExecutable(pid);
        // Looked at last: only now is it certain that what was read was this life of the process id.
        if (!IsAlive(process)) return Reading.Failed<ExecutablePath>(ProcessCounterReader.Ended(pid));
        string open = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/exe");
        return Reading.Of(new ExecutablePath(open, Encoding.UTF8.GetString(link[..length])) { Identity = identity });
    }

    public Reading<string> User(ProcessKey process)
    {
        Span<byte> buffer = stackalloc byte[8192];
        int length = _files.Read(process.ProcessId, "status"u8, buffer);
        if (length < 0) return ProcessCounterReader.Unreadable<string>(process.ProcessId, "status", length);
        // Real, effective, saved and file system user; the effective one is what it may do.
        ReadOnlySpan<byte> ids = KernelText.Value(buffer[..length], "Uid"u8);
        return KernelText.TryTakeNumber(ref ids, out _) && KernelText.TryTakeNumber(ref ids, out long effective)
            ? Reading.Of(PasswdFile.NameOf(_files, effective))
            : Reading.Failed<string>($"/proc/{process.ProcessId}/status has no Uid");
    }

    public Reading<DateTimeOffset> StartedAt(ProcessKey process)
    {
        return _bootTimeSeconds.Value is { } boot
            ? Reading.Of(DateTimeOffset.FromUnixTimeSeconds(boot).AddSeconds((double)process.StartToken / _clockTicksPerSecond))
            : Reading.Failed<DateTimeOffset>("/proc/stat has no btime");
    }

    public Reading<ImmutableArray<string>> CommandLine(ProcessKey process)
    {
        using PooledFile file = _files.ReadWhole(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.ProcessId}/cmdline"), LargestCommandLine);
        if (!file.IsRead) return ProcessCounterReader.Unreadable<ImmutableArray<string>>(process.ProcessId, "cmdline", file.Error);
        ReadOnlySpan<byte> text = file.Bytes;
        if (text.IsEmpty) return Reading.NotSupported<ImmutableArray<string>>("a kernel thread or a process that is ending has no command line");
        if (text[^1] == 0) text = text[..^1];
        return Reading.Of<ImmutableArray<string>>([.. Encoding.UTF8.GetString(text).Split('\0')]);
    }

    public Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts()
    {
        ListeningSockets sockets = new(_files);
        List<int> ids = [];
        int error = _files.ListNumbers("/proc", ids, MostProcesses);
        if (error < 0) return Reading.Failed<ImmutableDictionary<int, ImmutableArray<ListeningPort>>>($"/proc: error {-error}");
        ImmutableDictionary<int, ImmutableArray<ListeningPort>>.Builder ports = ImmutableDictionary.CreateBuilder<int, ImmutableArray<ListeningPort>>();
        foreach (int id in ids)
        {
            ImmutableArray<ListeningPort> own = sockets.Of(id);
            if (!own.IsEmpty) ports.Add(id, own);
        }

        return Reading.Of(ports.ToImmutable());
    }

    public Reading<ImmutableArray<ListeningPort>> ListeningPorts(ProcessKey process)
    {
        int descriptors = _files.CountDescriptors(process.ProcessId, 1);
        return descriptors < 0
            ? ProcessCounterReader.Unreadable<ImmutableArray<ListeningPort>>(process.ProcessId, "fd", descriptors)
            : Reading.Of(new ListeningSockets(_files).Of(process.ProcessId));
    }

    public Reading<ImmutableDictionary<int, string>> Services()
    {
        List<int> ids = [];
        int error = _files.ListNumbers("/proc", ids, MostProcesses);
        if (error < 0) return Reading.Failed<ImmutableDictionary<int, string>>($"/proc: error {-error}");
        ImmutableDictionary<int, string>.Builder units = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (int id in ids)
        {
            if (SystemdUnit.Of(_files, id) is { } unit) units.Add(id, unit);
        }

        return Reading.Of(units.ToImmutable());
    }

    public Reading<string> Service(ProcessKey process) =>
        SystemdUnit.Of(_files, process.ProcessId) is { } unit
            ? Reading.Of(unit)
            : Reading.NotSupported<string>("it runs in no systemd service");

    public ServiceUser? ServiceUser(ProcessKey process) =>
        SystemdUnit.UserOf(_files, process.ProcessId) is { } id
            ? new ServiceUser(id, PasswdFile.NameOf(_files, id) is var name && name.Contains(' ', StringComparison.Ordinal) ? id.ToString(CultureInfo.InvariantCulture) : name)
            : null;

    public Reading<HostCounters> ReadHost() => _host.Read();

    public Reading<ProcessCounters> ReadProcess(ProcessKey process) => _processes.Read(process).Counters;

    public ProcessReading ReadProcessAndThreads(ProcessKey process) => _processes.Read(process);

    public unsafe FileNumber? NumberOf(SafeFileHandle file)
    {
        const int EmptyPath = 0x1000;
        const uint Inode = 0x100;
        if (!OperatingSystem.IsLinux()) return null;
        // struct statx is the same on every architecture, which struct stat is not.
        Span<byte> status = stackalloc byte[256];
        byte none = 0;
        fixed (byte* into = status)
        {
            if (NativeMethods.StatX((int)file.DangerousGetHandle(), &none, EmptyPath, Inode, into) != 0) return null;
        }

        GC.KeepAlive(file);
        return new FileNumber(BinaryPrimitives.ReadUInt64LittleEndian(status[136..]), 0, BinaryPrimitives.ReadUInt64LittleEndian(status[32..]));
    }

    public Reading<ContainerCounters> ReadContainer(ProcessKey process) =>
        IsAlive(process) ? _controlGroups.Read(process.ProcessId) : Reading.Failed<ContainerCounters>(ProcessCounterReader.Ended(process.ProcessId));

    public Reading<ProcessMemory> OpenMemory(ProcessKey process)
    {
        if (!IsAlive(process)) return Reading.Failed<ProcessMemory>(ProcessCounterReader.Ended(process.ProcessId));
        return _memory.Open(process);
    }

    public IProcessScheduling? Scheduling => OperatingSystem.IsLinux() && _files.IsLive ? new ProcessScheduling(_files, this) : null;

    public Reading<ImmutableArray<KeyValuePair<string, string>>> Environment(ProcessKey process)
    {
        using PooledFile file = _files.ReadWhole(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.ProcessId}/environ"), LargestCommandLine * 16);
        if (!file.IsRead) return ProcessCounterReader.Unreadable<ImmutableArray<KeyValuePair<string, string>>>(process.ProcessId, "environ", file.Error);
        string[] entries = Encoding.UTF8.GetString(file.Bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return Reading.Of<ImmutableArray<KeyValuePair<string, string>>>(
            [.. from entry in entries let at = entry.IndexOf('=', StringComparison.Ordinal) where at > 0 select KeyValuePair.Create(entry[..at], entry[(at + 1)..])]);
    }

    public Reading<string> WorkingDirectory(ProcessKey process)
    {
        Span<byte> link = stackalloc byte[4096];
        int length = _files.ReadLink(process.ProcessId, "cwd"u8, link);
        return length < 0 ? ProcessCounterReader.Unreadable<string>(process.ProcessId, "cwd", length) : Reading.Of(Encoding.UTF8.GetString(link[..length]));
    }

    public Reading<ImmutableArray<string>> LogFilesOf(ProcessKey process) => LogFiles.Of(_files, process.ProcessId);

    public Reading<IKernelEventSession> OpenKernelEvents(ProcessKey process) => IsAlive(process)
        ? LinuxKernelEvents.Open(_files, process.ProcessId, _kernelSymbols)
        : Reading.Failed<IKernelEventSession>(ProcessCounterReader.Ended(process.ProcessId));

    public Reading<ImmutableArray<CodeModule>> CodeModules(ProcessKey process) => MappedCode.Read(_files, process.ProcessId);

    public long RuntimeClockNanoseconds() => _files.MonotonicNanoseconds();

    private Reading<ExecutablePath> NoExecutable(ProcessKey process, int error)
    {
        int pid = process.ProcessId;
        Span<byte> buffer = stackalloc byte[1024];
        // The kernel refuses it to other users before it says that there is none.
        return TryReadStat(pid, buffer, out ProcStat stat) == 0 && stat.IsKernelThread
            ? Reading.NotSupported<ExecutablePath>("a kernel thread has no executable")
            : ProcessCounterReader.Unreadable<ExecutablePath>(pid, "exe", error);
    }

    /// <summary>0, or a negated errno. The result refers to the buffer.</summary>
    private int TryReadStat(int pid, Span<byte> buffer, out ProcStat stat)
    {
        stat = default;
        int length = _files.Read(pid, "stat"u8, buffer);
        if (length < 0) return length;
        return ProcStat.TryParse(buffer[..length], out stat) ? 0 : -Errno.InvalidArgument;
    }
}
