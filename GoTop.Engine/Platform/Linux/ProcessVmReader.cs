using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Another process's memory by process_vm_readv(2): up to 1,024 ranges in one system call, without stopping it.
/// Whether it is allowed (same user and Yama, or CAP_SYS_PTRACE) is for whoever opens it to try.
/// </summary>
public sealed unsafe class ProcessVmReader(int processId) : IMemoryReader
{
    /// <summary>UIO_MAXIOV.</summary>
    private const int MaximumRanges = 1024;

    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (destination.IsEmpty) return true;
        fixed (byte* to = destination)
        {
            NativeMethods.IoVector local = new() { Base = (nuint)to, Length = (nuint)destination.Length };
            NativeMethods.IoVector remote = new() { Base = (nuint)address, Length = (nuint)destination.Length };
            return Read(&local, &remote, 1) == destination.Length;
        }
    }

    public void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok)
    {
        NativeMethods.IoVector* remote = stackalloc NativeMethods.IoVector[MaximumRanges];
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
                    remote[i] = new NativeMethods.IoVector { Base = (nuint)ranges[from + i].Address, Length = (nuint)length };
                    total += length;
                }

                NativeMethods.IoVector local = new() { Base = (nuint)next, Length = (nuint)total };
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
    private nint Read(NativeMethods.IoVector* local, NativeMethods.IoVector* remote, int count)
    {
        while (true)
        {
            nint read = NativeMethods.ProcessVmRead(processId, local, 1, remote, (nuint)count, 0);
            if (read >= 0) return read;
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    continue;
                case Errno.NoProcess:
                    throw new ProcessGoneException($"process {processId} has ended");
                case Errno.NotPermitted:
                    throw new UnauthorizedAccessException($"reading the memory of process {processId} is not permitted: it needs the same user and kernel.yama.ptrace_scope 0, or CAP_SYS_PTRACE");
                default:
                    return -1;
            }
        }
    }
}
