using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// The files of /proc, /sys and /etc beneath some root. No exceptions: counts are 0 or more, errors are negated errno
/// values, since refusals and vanished processes are everyday answers here. Nothing stays open between calls.
/// </summary>
internal abstract class ProcFiles
{
    private const int LongestPath = 4096;

    /// <summary>True when these are the running kernel's own files, so that system calls tell of the same processes.</summary>
    public abstract bool IsLive { get; }

    /// <summary>CLOCK_MONOTONIC; 0 in a recorded tree, where no time passes.</summary>
    public abstract long MonotonicNanoseconds();

    /// <summary>Reads from the start until the end or until the buffer is full.</summary>
    /// <param name="path">Absolute beneath the root, NUL-terminated.</param>
    protected abstract int ReadFile(ReadOnlySpan<byte> path, Span<byte> buffer);

    protected abstract int ReadLinkTarget(ReadOnlySpan<byte> path, Span<byte> buffer);

    protected abstract int ListNumberedEntries(ReadOnlySpan<byte> path, List<int> numbers, int max);

    protected abstract FileIdentity? IdentifyFile(ReadOnlySpan<byte> path);

    /// <summary>How many entries the folder of open descriptors has, where the system tells without listing them.</summary>
    protected abstract long? DescriptorCount(ReadOnlySpan<byte> path);

    /// <summary>Reads <c>/proc/PID/FILE</c>.</summary>
    public int Read(int processId, ReadOnlySpan<byte> file, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[128];
        return Utf8.TryWrite(path, $"/proc/{processId}/{file}\0", out int length) ? ReadFile(path[..length], buffer) : -Errno.NoEntry;
    }

    /// <summary>Reads <c>/proc/PID/task/TID/FILE</c>.</summary>
    public int Read(int processId, int threadId, ReadOnlySpan<byte> file, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[128];
        return Utf8.TryWrite(path, $"/proc/{processId}/task/{threadId}/{file}\0", out int length)
            ? ReadFile(path[..length], buffer)
            : -Errno.NoEntry;
    }

    public int Read(ReadOnlySpan<char> path, Span<byte> buffer)
    {
        Span<byte> utf8 = stackalloc byte[LongestPath];
        return Utf8.TryWrite(utf8, $"{path}\0", out int length) ? ReadFile(utf8[..length], buffer) : -Errno.NoEntry;
    }

    /// <summary>Reads a file of unknown size into a pooled buffer; what is beyond the cap is left out.</summary>
    public PooledFile ReadWhole(ReadOnlySpan<char> path, int cap = 1 << 20)
    {
        int size = Math.Min(cap, 8192);
        while (true)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
            int length = Read(path, buffer);
            if (length < buffer.Length || buffer.Length >= cap) return new PooledFile(buffer, length);
            ArrayPool<byte>.Shared.Return(buffer);
            size = Math.Min(cap, buffer.Length * 4);
        }
    }

    /// <summary>Where <c>/proc/PID/NAME</c> points, as the kernel writes it.</summary>
    public int ReadLink(int processId, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[128];
        return Utf8.TryWrite(path, $"/proc/{processId}/{name}\0", out int length) ? ReadLinkAt(path[..length], buffer) : -Errno.NoEntry;
    }

    /// <summary>Where a descriptor of a process points, e.g. <c>socket:[123]</c>.</summary>
    public int ReadDescriptorLink(int processId, int descriptor, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[128];
        return Utf8.TryWrite(path, $"/proc/{processId}/fd/{descriptor}\0", out int length)
            ? ReadLinkAt(path[..length], buffer)
            : -Errno.NoEntry;
    }

    public int ReadLink(ReadOnlySpan<char> path, Span<byte> buffer)
    {
        Span<byte> utf8 = stackalloc byte[LongestPath];
        return Utf8.TryWrite(utf8, $"{path}\0", out int length) ? ReadLinkAt(utf8[..length], buffer) : -Errno.NoEntry;
    }

    /// <summary>The entries of a folder whose names are whole numbers, at most <paramref name="max"/>, in the system's order.</summary>
    public int ListNumbers(ReadOnlySpan<char> path, List<int> numbers, int max)
    {
        Span<byte> utf8 = stackalloc byte[LongestPath];
        return Utf8.TryWrite(utf8, $"{path}\0", out int length)
            ? ListNumberedEntries(utf8[..length], numbers, max)
            : -Errno.NoEntry;
    }

    /// <summary>Which file <c>/proc/PID/exe</c> stands for; null when that cannot be told.</summary>
    public FileIdentity? IdentifyExecutable(int processId)
    {
        Span<byte> path = stackalloc byte[64];
        return Utf8.TryWrite(path, $"/proc/{processId}/exe\0", out int length) ? IdentifyFile(path[..length]) : null;
    }

    /// <summary>How many descriptors a process has open, or a negated errno.</summary>
    public int CountDescriptors(int processId, int max)
    {
        Span<byte> path = stackalloc byte[64];
        if (!Utf8.TryWrite(path, $"/proc/{processId}/fd\0", out int length)) return -Errno.NoEntry;
        if (DescriptorCount(path[..length]) is > 0 and long count) return (int)Math.Min(count, int.MaxValue);
        List<int> descriptors = [];
        int error = ListNumberedEntries(path[..length], descriptors, max);
        return error < 0 ? error : descriptors.Count;
    }

    private int ReadLinkAt(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        int length = ReadLinkTarget(path, buffer);
        // A recorded tree keeps a link as a text file that holds its target.
        if (length != -Errno.InvalidArgument) return length;
        length = ReadFile(path, buffer);
        return length > 0 && buffer[length - 1] == '\n' ? length - 1 : length;
    }
}

/// <summary>A file's bytes in a buffer that goes back to the pool. <see cref="Error"/> is 0 or a negated errno.</summary>
internal readonly ref struct PooledFile
{
    private readonly byte[] _buffer;

    public PooledFile(byte[] buffer, int lengthOrError)
    {
        _buffer = buffer;
        Error = Math.Min(lengthOrError, 0);
        Bytes = buffer.AsSpan(0, Math.Max(lengthOrError, 0));
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public int Error { get; }

    public bool IsRead => Error == 0;

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
