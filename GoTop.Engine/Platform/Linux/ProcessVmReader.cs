using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Another process's memory by process_vm_readv(2): up to 1,024 ranges in one system call, without stopping it.
/// Whether it is allowed (same user and Yama, or CAP_SYS_PTRACE) is for whoever opens it to try.
/// </summary>
public sealed unsafe partial class ProcessVmReader(int processId) : IMemoryReader
{
    /// <summary>UIO_MAXIOV.</summary>
    private const int MaximumRanges = 1024;
    private const int NoSuchProcess = 3;
    private const int Interrupted = 4;
    private const int NotPermitted = 1;

    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (destination.IsEmpty) return true;
        fixed (byte* to = destination)
        {
            IoVector local = new() { Base = to, Length = (nuint)destination.Length };
            IoVector remote = new() { Base = (void*)address, Length = (nuint)destination.Length };
            return Read(&local, &remote, 1) == destination.Length;
        }
    }

    public void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok)
    {
        IoVector* remote = stackalloc IoVector[MaximumRanges];
        fixed (byte* to = destination)
        {
            byte* end = to + destination.Length;
            byte* next = to;
            for (int from = 0; from < ranges.Length;)
            {
                int count = Math.Min(MaximumRanges, ranges.Length - from);
                nint total = 0;
                for (int i = 0; i < count; i++)
                {
                    int length = ranges[from + i].Length;
                    if (length < 0 || length > end - next - total) throw new ArgumentException("the ranges are longer than the destination", nameof(destination));
                    remote[i] = new IoVector { Base = (void*)ranges[from + i].Address, Length = (nuint)length };
                    total += length;
                }

                IoVector local = new() { Base = next, Length = (nuint)total };
                nint read = total == 0 ? 0 : Math.Max(0, Read(&local, remote, count));
                // Reading ends at the first range that is not readable; the next call goes on behind it.
                int done = 0;
                for (; done < count && ranges[from + done].Length <= read; done++)
                {
                    read -= ranges[from + done].Length;
                    next += ranges[from + done].Length;
                    ok[from + done] = true;
                }

                if (done < count)
                {
                    next += ranges[from + done].Length;
                    ok[from + done] = false;
                    done++;
                }

                from += done;
            }
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Bytes read, −1 when not even the first was readable.</summary>
    private nint Read(IoVector* local, IoVector* remote, int count)
    {
        while (true)
        {
            nint read = ProcessVmReadv(processId, local, 1, remote, (nuint)count, 0);
            if (read >= 0) return read;
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case NoSuchProcess:
                    throw new ProcessGoneException($"process {processId} has ended");
                case NotPermitted:
                    throw new UnauthorizedAccessException($"reading the memory of process {processId} is not permitted: it needs the same user and kernel.yama.ptrace_scope 0, or CAP_SYS_PTRACE");
                default:
                    return -1;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessVmReadv(int processId, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public void* Base;
        public nuint Length;
    }
}
