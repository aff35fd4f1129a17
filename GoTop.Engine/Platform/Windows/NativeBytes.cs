using System.Buffers.Binary;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// Reads a buffer the system has filled. The system is trusted no more than any other writer: what lies outside the
/// buffer reads as nothing, never past its end.
/// </summary>
internal readonly ref struct NativeBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length => _bytes.Length;

    public bool Has(int offset, int length) => offset >= 0 && length >= 0 && offset <= _bytes.Length - length;

    public byte U8(int offset) => Has(offset, 1) ? _bytes[offset] : (byte)0;

    public ushort U16(int offset) => Has(offset, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]) : (ushort)0;

    public uint U32(int offset) => Has(offset, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]) : 0;

    public int I32(int offset) => unchecked((int)U32(offset));

    public ulong U64(int offset) => Has(offset, 8) ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]) : 0;

    public long I64(int offset) => unchecked((long)U64(offset));

    public ReadOnlySpan<byte> Slice(int offset, int length) => Has(offset, length) ? _bytes.Slice(offset, length) : default;

    /// <summary>UTF-16 text of a known length at a pointer into this very buffer, which lies at <paramref name="baseAddress"/>.</summary>
    public string Text(ulong pointer, int byteLength, ulong baseAddress)
    {
        ulong offset = pointer - baseAddress;
        if (pointer < baseAddress || offset > (ulong)_bytes.Length) return "";
        return new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(Slice((int)offset, byteLength & ~1)));
    }

    /// <summary>The same for text that ends with a NUL; capped at <paramref name="maximumChars"/>.</summary>
    public string TerminatedText(ulong pointer, ulong baseAddress, int maximumChars)
    {
        ulong offset = pointer - baseAddress;
        if (pointer < baseAddress || offset > (ulong)_bytes.Length) return "";
        int length = 0;
        while (length < maximumChars && U16((int)offset + (length * 2)) != 0) length++;
        return Text(pointer, length * 2, baseAddress);
    }
}
