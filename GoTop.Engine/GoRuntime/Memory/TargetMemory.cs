using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Typed reads of a target's memory, and the slide between a file's preferred base and where it is mapped.</summary>
internal sealed class TargetMemory(IMemoryReader reader, ulong slide)
{
    public IMemoryReader Reader => reader;

    public ulong Slide => slide;

    public bool TryReadWord(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool read = reader.TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return read;
    }

    public bool TryReadInt32(ulong address, out int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool read = reader.TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>A struct's bytes; null when not all of them could be read.</summary>
    public MemoryBlock? TryReadBlock(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        return reader.TryRead(address, bytes) ? new MemoryBlock(bytes) : null;
    }
}

/// <summary>Bytes that were read at once.</summary>
internal sealed class MemoryBlock(byte[] bytes)
{
    public int Length => bytes.Length;

    public byte Byte(int offset) => bytes[offset];

    public ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));

    public long Int64(int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset));

    public int Int32(int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    public uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    public double Double(int offset) => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(offset));
}
