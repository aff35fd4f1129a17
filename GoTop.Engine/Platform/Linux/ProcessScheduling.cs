using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Cores and priorities of Linux's threads: sched_setaffinity, setpriority and ioprio_set; read from /proc.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ProcessScheduling(ProcFiles files, LinuxPlatform platform) : IProcessScheduling
{
    private const int MostThreads = 1 << 17;
    private const int PriorityOfThread = 0;
    private const int IoClassShift = 13;

    /// <summary>IOPRIO_WHO_PROCESS, which means a thread here as well.</summary>
    private const int IoOfThread = 1;

    private static readonly ImmutableArray<string> IoClasses = ["none", "realtime", "best-effort", "idle"];

    public Reading<ImmutableArray<ThreadScheduling>> ReadThreads(ProcessKey process)
    {
        if (!platform.IsAlive(process)) return Reading.Failed<ImmutableArray<ThreadScheduling>>(ProcessCounterReader.Ended(process.ProcessId));
        Reading<List<int>> threads = Threads(process);
        if (!threads.TryGet(out List<int>? ids)) return threads.Absent<ImmutableArray<ThreadScheduling>>();
        ImmutableArray<ThreadScheduling>.Builder found = ImmutableArray.CreateBuilder<ThreadScheduling>(ids.Count);
        Span<byte> buffer = stackalloc byte[8192];
        foreach (int thread in ids)
        {
            // One that has ended since it was listed counts no more.
            int length = files.Read(process.ProcessId, thread, "status"u8, buffer);
            if (length <= 0) continue;
            string list = Encoding.ASCII.GetString(KernelText.Value(buffer[..length], "Cpus_allowed_list"u8));
            if (list.Length > 0) found.Add(new ThreadScheduling(thread, CoreSet.Parse(list), ReadNice(process.ProcessId, thread)));
        }

        return Reading.Of(found.ToImmutable());
    }

    /// <summary>Linux knows threads only.</summary>
    public Reading<bool> TrySetProcessCores(ProcessKey process, CoreSet cores) => Reading.Of(false);

    public Reading<bool> SetThreadCores(ProcessKey process, int thread, CoreSet cores)
    {
        int bytes = ((cores.Cores[^1] / 64) + 1) * 8;
        Span<byte> mask = stackalloc byte[8192];
        mask = mask[..bytes];
        mask.Clear();
        foreach (int core in cores.Cores) mask[core / 8] |= (byte)(1 << (core % 8));
        fixed (byte* pointer = mask)
        {
            return NativeMethods.SetAffinity(thread, (nuint)bytes, pointer) == 0 ? Reading.Of(true) : Refused(Marshal.GetLastPInvokeError(), "choosing cores");
        }
    }

    public Reading<ProcessPriority> ReadPriority(ProcessKey process)
    {
        return ReadNice(process.ProcessId, process.ProcessId) is { } nice
            ? Reading.Of(new ProcessPriority { Nice = nice, Io = ReadIo(process.ProcessId) })
            : Reading.Failed<ProcessPriority>(ProcessCounterReader.Ended(process.ProcessId));
    }

    public Reading<bool> SetPriority(ProcessKey process, ProcessPriority wanted)
    {
        int? io = null;
        if (wanted.Io is { } text)
        {
            if (IoNumber(text) is not { } number) return Reading.Failed<bool>($"\"{text}\" is no I/O priority: none, idle, best-effort:0 to best-effort:7, realtime:0 to realtime:7");
            io = number;
        }

        if (!platform.IsAlive(process)) return Reading.Failed<bool>(ProcessCounterReader.Ended(process.ProcessId));
        Reading<List<int>> threads = Threads(process);
        if (!threads.TryGet(out List<int>? ids)) return threads.Absent<bool>();
        foreach (int thread in ids)
        {
            if (wanted.Nice is { } nice && NativeMethods.SetPriority(PriorityOfThread, (uint)thread, nice) != 0 && Marshal.GetLastPInvokeError() is not Errno.NoProcess and int error)
                return Refused(error, "changing the nice value");
            if (io is { } number && NativeMethods.SystemCall(IoSet, IoOfThread, thread, number) != 0 && Marshal.GetLastPInvokeError() is not Errno.NoProcess and int ioError)
                return Refused(ioError, "changing the I/O priority");
        }

        return Reading.Of(true);
    }

    private static int IoGet => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 31 : 252;

    private static int IoSet => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 30 : 251;

    private int? ReadNice(int processId, int thread)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int length = files.Read(processId, thread, "stat"u8, buffer);
        if (length <= 0) return null;
        // After the name in brackets, which may hold anything, come state, ppid …; nice is the 17th.
        ReadOnlySpan<byte> rest = buffer[..length];
        rest = rest[(rest.LastIndexOf((byte)')') + 1)..];
        for (int i = 0; i < 16; i++) KernelText.TakeWord(ref rest);
        return KernelText.TryTakeNumber(ref rest, out long nice) ? (int)nice : null;
    }

    private static string? ReadIo(int thread)
    {
        nint number = NativeMethods.SystemCall(IoGet, IoOfThread, thread, 0);
        if (number < 0) return null;
        int ioClass = (int)number >> IoClassShift, level = (int)number & 7;
        if (ioClass >= IoClasses.Length) return null;
        return ioClass is 1 or 2 ? string.Create(CultureInfo.InvariantCulture, $"{IoClasses[ioClass]}:{level}") : IoClasses[ioClass];
    }

    private static int? IoNumber(string text)
    {
        string[] parts = text.Split(':');
        int ioClass = IoClasses.IndexOf(parts[0]), level = 0;
        if (ioClass < 0 || parts.Length > 2) return null;
        if (ioClass is 1 or 2 && parts.Length == 1) level = 4;
        if (parts.Length == 2 && (ioClass is not (1 or 2) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out level) || level > 7)) return null;
        return (ioClass << IoClassShift) | level;
    }

    private Reading<List<int>> Threads(ProcessKey process)
    {
        List<int> ids = [];
        int error = files.ListNumbers(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.ProcessId}/task"), ids, MostThreads);
        return error < 0 ? ProcessCounterReader.Unreadable<List<int>>(process.ProcessId, "task", error) : Reading.Of(ids);
    }

    private static Reading<bool> Refused(int error, string what) => error switch
    {
        Errno.NoProcess => Reading.Of(false),
        Errno.NotPermitted or Errno.AccessDenied => Reading.Denied<bool>($"{what} needs root or CAP_SYS_NICE, or the same user (and no less nice than it is)"),
        Errno.InvalidArgument => Reading.Failed<bool>($"{what}: the kernel allows none of these to it (its control group's cpuset, or cores that are off)"),
        _ => Reading.Failed<bool>($"{what} failed: {Marshal.GetPInvokeErrorMessage(error)} ({error})"),
    };
}
