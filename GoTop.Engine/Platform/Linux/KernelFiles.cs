using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Straight system calls. A process's counters come from dozens of tiny files each second, and opening each through a
/// file handle object costs several times what the kernel needs to answer.
/// </summary>
internal sealed unsafe class KernelFiles : ProcFiles
{
    private readonly byte[] _root;

    /// <param name="root"><c>/</c>, or a folder that holds a recorded tree.</param>
    public KernelFiles(string root)
    {
        IsLive = root == "/";
        _root = Encoding.UTF8.GetBytes(root.TrimEnd('/'));
    }

    public override bool IsLive { get; }

    public override long MonotonicNanoseconds()
    {
        NativeMethods.TimeSpecification now;
        _ = NativeMethods.ClockGetTime(NativeMethods.ClockMonotonic, &now);
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    protected override int ReadFile(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        Span<byte> whole = stackalloc byte[_root.Length + path.Length];
        fixed (byte* at = Join(whole, path))
        fixed (byte* into = buffer)
        {
            int descriptor = NativeMethods.Open(at, NativeMethods.OpenReadOnlyCloseOnExec);
            if (descriptor < 0) return -Marshal.GetLastPInvokeError();
            int total = 0;
            int error = 0;
            while (total < buffer.Length)
            {
                nint count = NativeMethods.Read(descriptor, into + total, (nuint)(buffer.Length - total));
                if (count == 0) break;
                if (count > 0)
                {
                    total += (int)count;
                    continue;
                }

                error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted) break;
                error = 0;
            }

            _ = NativeMethods.Close(descriptor);
            return error != 0 ? -error : total;
        }
    }

    protected override int ReadLinkTarget(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        Span<byte> whole = stackalloc byte[_root.Length + path.Length];
        fixed (byte* at = Join(whole, path))
        fixed (byte* into = buffer)
        {
            nint length = NativeMethods.ReadLink(at, into, (nuint)buffer.Length);
            return length < 0 ? -Marshal.GetLastPInvokeError() : (int)length;
        }
    }

    protected override int ListNumberedEntries(ReadOnlySpan<byte> path, List<int> numbers, int max)
    {
        const int LengthOffset = 16, NameOffset = 19; // struct dirent on 64-bit glibc and musl
        Span<byte> whole = stackalloc byte[_root.Length + path.Length];
        fixed (byte* at = Join(whole, path))
        {
            nint directory = NativeMethods.OpenDirectory(at);
            if (directory == 0) return -Marshal.GetLastPInvokeError();
            byte* entry;
            while (numbers.Count < max && (entry = NativeMethods.ReadDirectory(directory)) != null)
            {
                int room = *(ushort*)(entry + LengthOffset) - NameOffset;
                ReadOnlySpan<byte> name = new(entry + NameOffset, room);
                if (Utf8Parser.TryParse(name, out int number, out int used) && used < room && name[used] == 0) numbers.Add(number);
            }

            _ = NativeMethods.CloseDirectory(directory);
            return 0;
        }
    }

    protected override FileIdentity? IdentifyFile(ReadOnlySpan<byte> path)
    {
        Span<byte> status = stackalloc byte[256];
        if (!TryStatus(path, status)) return null;
        ulong device = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(status[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(status[140..]);
        long modified = (BinaryPrimitives.ReadInt64LittleEndian(status[112..]) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(status[120..]);
        return new FileIdentity(device, BinaryPrimitives.ReadUInt64LittleEndian(status[32..]), modified, Size(status));
    }

    /// <remarks>Since Linux 6.2 the size of a process's descriptor folder is their number; before, it is 0.</remarks>
    protected override long? DescriptorCount(ReadOnlySpan<byte> path)
    {
        Span<byte> status = stackalloc byte[256];
        return IsLive && TryStatus(path, status) ? Size(status) : null;
    }

    // struct statx is the same on every architecture, which struct stat is not.
    private bool TryStatus(ReadOnlySpan<byte> path, Span<byte> status)
    {
        const uint BasicStatus = 0x7ff;
        Span<byte> whole = stackalloc byte[_root.Length + path.Length];
        fixed (byte* at = Join(whole, path))
        fixed (byte* into = status)
        {
            return NativeMethods.StatX(NativeMethods.CurrentFolder, at, 0, BasicStatus, into) == 0;
        }
    }

    private static long Size(ReadOnlySpan<byte> status) => BinaryPrimitives.ReadInt64LittleEndian(status[40..]);

    private Span<byte> Join(Span<byte> whole, ReadOnlySpan<byte> path)
    {
        _root.CopyTo(whole);
        path.CopyTo(whole[_root.Length..]);
        return whole;
    }
}
