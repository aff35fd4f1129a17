using System.Text;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>Encodes one message, then goes to a stream as a field. Fields that are 0 are left out, as profile.proto wants.</summary>
internal sealed class ProtobufBuffer
{
    private byte[] _bytes = new byte[1024];
    private int _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Number(int field, ulong value)
    {
        if (value == 0) return;
        Reserve(20);
        Varint((ulong)field << 3);
        Varint(value);
    }

    public void Number(int field, long value) => Number(field, (ulong)value);

    public void Boolean(int field, bool value) => Number(field, value ? 1UL : 0);

    public void Payload(int field, ReadOnlySpan<byte> bytes)
    {
        Reserve(20 + bytes.Length);
        Varint((ulong)field << 3 | (ulong)WireType.Bytes);
        Varint((ulong)bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    public void Text(int field, string text) => Payload(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Packed numbers; <paramref name="scratch"/> is overwritten.</summary>
    public void Packed(int field, ReadOnlySpan<long> values, ProtobufBuffer scratch)
    {
        if (values.IsEmpty) return;
        scratch.Clear();
        scratch.Reserve(values.Length * 10);
        foreach (long value in values) scratch.Varint((ulong)value);
        Payload(field, scratch.Bytes);
    }

    /// <summary>Packed ids, which are places + 1; <paramref name="scratch"/> is overwritten.</summary>
    public void PackedIds(int field, ReadOnlySpan<int> places, ProtobufBuffer scratch)
    {
        if (places.IsEmpty) return;
        scratch.Clear();
        scratch.Reserve(places.Length * 5);
        foreach (int place in places) scratch.Varint((ulong)place + 1);
        Payload(field, scratch.Bytes);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes[_count++] = (byte)(value | 0x80);
        _bytes[_count++] = (byte)value;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _count < more) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + more));
    }
}
