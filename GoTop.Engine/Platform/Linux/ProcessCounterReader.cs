using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Reads one process's counters from /proc/PID: stat, status, limits, io, fd and its threads.</summary>
internal sealed class ProcessCounterReader(ProcFiles files, long clockTicksPerSecond)
{
    private const int LargestStatus = 8192;
    private const int MostDescriptors = 1 << 20;

    public ProcessReading Read(ProcessKey process)
    {
        Reading<ThreadTable> threads = Reading.Failed<ThreadTable>(Ended(process.ProcessId));
        Reading<ProcessCounters> counters = Read(process, ref threads);
        return new ProcessReading(counters, counters.HasValue ? threads : counters.Absent<ThreadTable>());
    }

    private Reading<ProcessCounters> Read(ProcessKey process, ref Reading<ThreadTable> threadTable)
    {
        int pid = process.ProcessId;
        Span<byte> buffer = stackalloc byte[LargestStatus];
        int length = files.Read(pid, "stat"u8, buffer);
        if (length < 0) return Unreadable<ProcessCounters>(pid, "stat", length);
        if (!ProcStat.TryParse(buffer[..length], out ProcStat stat)) return Reading.Failed<ProcessCounters>($"/proc/{pid}/stat is not understood");
        if (stat.StartTicks != process.StartToken || stat.HasEnded) return Reading.Failed<ProcessCounters>(Ended(pid));

        // What the buffer held is needed no longer once its numbers are taken.
        string priority = stat.Priority();
        length = files.Read(pid, "status"u8, buffer);
        if (length < 0) return Unreadable<ProcessCounters>(pid, "status", length);
        ReadOnlySpan<byte> status = buffer[..length];
        threadTable = new ThreadReader(files, clockTicksPerSecond).Read(pid, stat.Threads);
        ThreadTotals threads = ThreadTotals.Of(threadTable);
        ProcessCounters counters = new()
        {
            UserNanoseconds = Nanoseconds(stat.UserTicks),
            SystemNanoseconds = Nanoseconds(stat.SystemTicks),
            // A kernel thread has no memory of its own and no such line.
            ResidentBytes = KernelText.TryNumber(status, "VmRSS"u8, out long resident) ? resident * 1024 : 0,
            PrivateBytes = PrivateBytes(status),
            VirtualBytes = Kilobytes(status, "VmSize"u8),
            PeakResidentBytes = Kilobytes(status, "VmHWM"u8),
            PageFaults = Reading.Of(stat.MinorFaults + stat.MajorFaults),
            HardFaults = Reading.Of(stat.MajorFaults),
            Threads = stat.Threads,
            ContextSwitches = threads.VoluntarySwitches.Select(voluntary => voluntary + threads.InvoluntarySwitches.Value),
            VoluntarySwitches = threads.VoluntarySwitches,
            InvoluntarySwitches = threads.InvoluntarySwitches,
            RunQueueDelayNanoseconds = threads.RunQueueDelayNanoseconds,
            AllowedCores = AllowedCores(status),
            Priority = Reading.Of(priority),
            Handles = Handles(pid),
        };
        return Reading.Of(counters with
        {
            HandleLimit = HandleLimit(pid, buffer),
            ReadBytes = ReadIo(pid, buffer, out Reading<long> written),
            WrittenBytes = written,
        });
    }

    public static string Ended(int processId) => $"process {processId} has ended";

    /// <summary>The reason why one of a process's files could not be read.</summary>
    public static Reading<T> Unreadable<T>(int processId, string file, int negativeErrno)
    {
        if (Errno.IsGone(negativeErrno)) return Reading.Failed<T>(Ended(processId));
        return Errno.IsDenied(negativeErrno)
            ? Reading.Denied<T>($"/proc/{processId}/{file} may be read by the process's own user and with CAP_SYS_PTRACE (root) only")
            : Reading.Failed<T>($"/proc/{processId}/{file}: error {-negativeErrno}");
    }

    private long Nanoseconds(long ticks) => ticks * (1_000_000_000 / clockTicksPerSecond);

    private static Reading<long> PrivateBytes(ReadOnlySpan<byte> status)
    {
        if (!KernelText.TryNumber(status, "RssAnon"u8, out long anonymous))
            return Reading.NotSupported<long>("this kernel (before 4.5) does not tell anonymous memory apart");
        _ = KernelText.TryNumber(status, "VmSwap"u8, out long swapped);
        return Reading.Of((anonymous + swapped) * 1024);
    }

    private static Reading<long> Kilobytes(ReadOnlySpan<byte> status, ReadOnlySpan<byte> key) =>
        KernelText.TryNumber(status, key, out long value)
            ? Reading.Of(value * 1024)
            : Reading.NotSupported<long>($"/proc/PID/status has no {Encoding.UTF8.GetString(key)}");

    private static Reading<CoreSet> AllowedCores(ReadOnlySpan<byte> status)
    {
        ReadOnlySpan<byte> list = KernelText.Value(status, "Cpus_allowed_list"u8);
        try
        {
            return list.IsEmpty
                ? Reading.NotSupported<CoreSet>("/proc/PID/status has no Cpus_allowed_list")
                : Reading.Of(CoreSet.Parse(Encoding.ASCII.GetString(list)));
        }
        catch (FormatException e)
        {
            return Reading.Failed<CoreSet>($"Cpus_allowed_list: {e.Message}");
        }
    }

    private Reading<int> Handles(int pid)
    {
        int count = files.CountDescriptors(pid, MostDescriptors);
        return count < 0 ? Unreadable<int>(pid, "fd", count) : Reading.Of(count);
    }

    private Reading<long> HandleLimit(int pid, Span<byte> buffer)
    {
        int length = files.Read(pid, "limits"u8, buffer);
        if (length < 0) return Unreadable<long>(pid, "limits", length);
        ReadOnlySpan<byte> soft = KernelText.Value(buffer[..length], "Max open files"u8);
        if (KernelText.TryFirstNumber(soft, out long limit)) return Reading.Of(limit);
        return soft.StartsWith("unlimited"u8)
            ? Reading.NotSupported<long>("the number of open files is not limited")
            : Reading.Failed<long>($"/proc/{pid}/limits has no \"Max open files\"");
    }

    private Reading<long> ReadIo(int pid, Span<byte> buffer, out Reading<long> written)
    {
        int length = files.Read(pid, "io"u8, buffer);
        if (length < 0)
        {
            written = Unreadable<long>(pid, "io", length);
            return written;
        }

        ReadOnlySpan<byte> io = buffer[..length];
        Reading<long> missing = Reading.NotSupported<long>("this kernel does not account input and output (CONFIG_TASK_IO_ACCOUNTING)");
        written = KernelText.TryNumber(io, "write_bytes"u8, out long writtenBytes) ? Reading.Of(writtenBytes) : missing;
        return KernelText.TryNumber(io, "read_bytes"u8, out long readBytes) ? Reading.Of(readBytes) : missing;
    }
}
