namespace GoTop.Mutate.Inputs;

/// <summary>An input that is being changed. It never grows beyond its capacity: what does not fit is left out.</summary>
internal sealed class MutableBytes(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>For readers that want an array. Changes with the next input.</summary>
    public ArraySegment<byte> Segment => new(_bytes, 0, Length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = Math.Min(bytes.Length, _bytes.Length);
        bytes[..Length].CopyTo(_bytes);
    }

    /// <summary>Puts other bytes in place of some; both may be none. The other bytes may be some of these.</summary>
    public void Replace(int start, int count, ReadOnlySpan<byte> with)
    {
        byte[] other = with.ToArray();
        int room = _bytes.Length - (Length - count);
        int inserted = Math.Min(other.Length, room);
        Buffer.BlockCopy(_bytes, start + count, _bytes, start + inserted, Length - start - count);
        other.AsSpan(0, inserted).CopyTo(_bytes.AsSpan(start));
        Length += inserted - count;
    }

    public void Truncate(int length) => Length = Math.Min(Length, length);
}
