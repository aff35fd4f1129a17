using System.Buffers.Binary;
using GoTop.Engine.GoRuntime;

namespace GoTop.Tests.GoRuntime;

/// <summary>
/// Recorded pages of a process's memory: <c>GOMEM1\0\0</c>, a count, then an address and 4,096 bytes each.
/// What was not recorded cannot be read.
/// </summary>
internal sealed class MemoryImage : IMemoryReader
{
    private const int PageSize = 4096;
    private readonly Dictionary<ulong, int> _pages = [];
    private readonly byte[] _file;

    public MemoryImage(byte[] file)
    {
        _file = file;
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(8));
        for (int at = 16, i = 0; i < (int)count; i++, at += 8 + PageSize) _pages[BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at))] = at + 8;
    }

    /// <summary>The pages' bytes, to damage them.</summary>
    public byte[] File => _file;

    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int within = (int)(address % PageSize);
            if (!_pages.TryGetValue(address - (ulong)within, out int at)) return false;
            int count = Math.Min(PageSize - within, destination.Length);
            _file.AsSpan(at + within, count).CopyTo(destination);
            destination = destination[count..];
            address += (ulong)count;
        }

        return true;
    }

    public void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok)
    {
        for (int i = 0; i < ranges.Length; i++)
        {
            ok[i] = TryRead(ranges[i].Address, destination[..ranges[i].Length]);
            destination = destination[ranges[i].Length..];
        }
    }

    public void Dispose()
    {
    }
}
