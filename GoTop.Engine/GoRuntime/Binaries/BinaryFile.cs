using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Binaries;

/// <summary>
/// Random access to an executable, read in blocks as they are needed: of a 100 MB service, lookups touch a few hundred
/// kilobytes. Blocks are kept up to a bound, then all dropped. Not for use by two threads at once.
/// </summary>
public sealed class BinaryFile
{
    internal const int BlockSize = 1 << 14;
    private const int MaximumBlocks = (32 << 20) / BlockSize;

    private readonly Stream _stream;
    private readonly Dictionary<long, byte[]> _blocks = [];
    private long _lastIndex = -1;
    private byte[] _lastBlock = [];

    /// <param name="stream">Seekable. It stays the caller's to dispose of.</param>
    public BinaryFile(Stream stream)
    {
        _stream = stream;
        Length = stream.Length;
    }

    public long Length { get; }

    /// <summary>Bytes from <paramref name="offset"/> to the end of its block; empty past the end of the file.</summary>
    public ReadOnlySpan<byte> BlockFrom(long offset)
    {
        if ((ulong)offset >= (ulong)Length) return default;
        long index = offset / BlockSize;
        byte[] block = index == _lastIndex ? _lastBlock : Load(index);
        int start = (int)(offset % BlockSize);
        return start < block.Length ? block.AsSpan(start) : default;
    }

    /// <summary>False when not all of it lies within the file.</summary>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length - destination.Length) return false;
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> block = BlockFrom(offset);
            if (block.IsEmpty) return false; // The file shrank after it was opened.
            int count = Math.Min(block.Length, destination.Length);
            block[..count].CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }

        return true;
    }

    /// <exception cref="InvalidDataException">It lies beyond the end of the file.</exception>
    public void Read(long offset, Span<byte> destination, string what)
    {
        if (!TryRead(offset, destination)) throw new InvalidDataException($"{what} at 0x{offset:x} lies beyond the end of the file (0x{Length:x})");
    }

    public byte U8(long offset) => BlockFrom(offset) is [var value, ..] ? value : throw Beyond(offset);

    public uint U32(long offset)
    {
        ReadOnlySpan<byte> block = BlockFrom(offset);
        if (block.Length >= 4) return BinaryPrimitives.ReadUInt32LittleEndian(block);
        Span<byte> value = stackalloc byte[4];
        return TryRead(offset, value) ? BinaryPrimitives.ReadUInt32LittleEndian(value) : throw Beyond(offset);
    }

    public ulong U64(long offset)
    {
        ReadOnlySpan<byte> block = BlockFrom(offset);
        if (block.Length >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(block);
        Span<byte> value = stackalloc byte[8];
        return TryRead(offset, value) ? BinaryPrimitives.ReadUInt64LittleEndian(value) : throw Beyond(offset);
    }

    /// <summary>Reads past the blocks, for one pass over much of the file; returns how many bytes there were.</summary>
    public int ReadThrough(long offset, Span<byte> destination)
    {
        if ((ulong)offset >= (ulong)Length) return 0;
        _stream.Position = offset;
        return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
    }

    private byte[] Load(long index)
    {
        if (!_blocks.TryGetValue(index, out byte[]? block))
        {
            if (_blocks.Count >= MaximumBlocks) _blocks.Clear();
            block = new byte[(int)Math.Min(BlockSize, Length - index * BlockSize)];
            int count = ReadThrough(index * BlockSize, block);
            if (count < block.Length) block = block[..count];
            _blocks[index] = block;
        }

        (_lastIndex, _lastBlock) = (index, block);
        return block;
    }

    private InvalidDataException Beyond(long offset) => new($"0x{offset:x} lies beyond the end of the file (0x{Length:x})");
}
