using System.Text;

namespace GoTop.Tests.Support;

/// <summary>Encodes protobuf by hand, valid or not, apart from the product's own writer.</summary>
internal sealed class ProtobufText
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public static ProtobufText Message() => new();

    public ProtobufText Number(ulong field, ulong value) => Varint(field << 3).Varint(value);

    public ProtobufText Number(ulong field, long value) => Number(field, (ulong)value);

    public ProtobufText Inner(ulong field, ProtobufText message) => Raw(field, message.Bytes);

    public ProtobufText Text(ulong field, string text) => Raw(field, Encoding.UTF8.GetBytes(text));

    public ProtobufText Raw(ulong field, byte[] bytes)
    {
        Varint(field << 3 | 2).Varint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufText Packed(ulong field, params ulong[] values)
    {
        ProtobufText packed = new();
        foreach (ulong value in values) packed.Varint(value);
        return Raw(field, packed.Bytes);
    }

    public ProtobufText Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }

    public ProtobufText Append(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
