namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>Protocol Buffers' wire types that profiles may contain.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Walks the fields of one encoded message. The format: protobuf.dev/programming-guides/encoding; what is an error is what
/// google/pprof's profile/proto.go takes for one.
/// </summary>
/// <param name="bytes">The message without its length.</param>
/// <param name="offset">Where in the profile it begins, for problems.</param>
/// <param name="name">As profile.proto names it, for problems.</param>
internal ref struct ProtobufMessage(ReadOnlySpan<byte> bytes, long offset, string name)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly long _offset = offset;
    private readonly string _name = name;
    private int _next;

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public ulong Field { get; private set; }

    public WireType Wire { get; private set; }

    /// <summary>Of a field that is no <see cref="WireType.Bytes"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of a field that is <see cref="WireType.Bytes"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where the field begins in the profile, with its tag.</summary>
    public readonly long Offset => _offset + FieldStart;

    /// <summary>Where <see cref="Bytes"/> begin in the profile.</summary>
    public readonly long BytesOffset => _offset + _next - Bytes.Length;

    /// <summary>Where the field begins in the message, with its tag.</summary>
    public int FieldStart { get; private set; }

    /// <summary>Where the field ends in the message.</summary>
    public readonly int FieldEnd => _next;

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_next >= _bytes.Length) return false;
        FieldStart = _next;
        ulong tag = Varint();
        Field = tag >> 3;
        Wire = (WireType)(tag & 7);
        Bytes = default;
        switch (Wire)
        {
            case WireType.Varint:
                Number = Varint();
                break;
            case WireType.Bytes:
                ulong length = Varint();
                if (length > (ulong)(_bytes.Length - _next)) throw Problem($"field {Field} claims {length} bytes of the {_bytes.Length - _next} that are left");
                Bytes = _bytes.Slice(_next, (int)length);
                _next += (int)length;
                break;
            case WireType.Fixed64:
                Skip(8);
                break;
            case WireType.Fixed32:
                Skip(4);
                break;
            default:
                throw Problem($"field {Field} has the unknown wire type {(byte)Wire}");
        }

        return true;
    }

    /// <summary>The field's number; a field of another wire type is an error.</summary>
    public readonly ulong UInt64(string field) => Wire == WireType.Varint ? Number : throw WrongWire(field);

    public readonly long Int64(string field) => (long)UInt64(field);

    public readonly bool Boolean(string field) => UInt64(field) != 0;

    /// <summary>The field's bytes; a field of another wire type is an error.</summary>
    public readonly ReadOnlySpan<byte> Payload(string field) => Wire == WireType.Bytes ? Bytes : throw WrongWire(field);

    public readonly ProfileException Problem(string problem) => ProfileException.At(_offset + FieldStart, _name, problem);

    /// <summary>Reads a number of up to ten bytes; what lies beyond 64 bits is lost, as in google/pprof. False when it does not end.</summary>
    public static bool TryVarint(ReadOnlySpan<byte> bytes, ref int next, out ulong value)
    {
        int at = next;
        if ((uint)at < (uint)bytes.Length && bytes[at] < 0x80)
        {
            value = bytes[at];
            next = at + 1;
            return true;
        }

        // Most numbers beyond one byte are of two or three.
        if (at + 2 < bytes.Length)
        {
            uint low = (uint)(bytes[at] & 0x7f | (bytes[at + 1] & 0x7f) << 7);
            if (bytes[at + 1] < 0x80)
            {
                value = low;
                next = at + 2;
                return true;
            }

            if (bytes[at + 2] < 0x80)
            {
                value = low | (uint)bytes[at + 2] << 14;
                next = at + 3;
                return true;
            }
        }

        value = 0;
        int end = Math.Min(bytes.Length, at + 10);
        for (int shift = 0; at < end; shift += 7)
        {
            byte one = bytes[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one >= 0x80) continue;
            next = at;
            return true;
        }

        return false;
    }

    private ulong Varint() => TryVarint(_bytes, ref _next, out ulong value) ? value : throw Problem("a number does not end");

    private void Skip(int count)
    {
        if (_bytes.Length - _next < count) throw Problem($"field {Field} is cut short");
        _next += count;
    }

    private readonly ProfileException WrongWire(string field) =>
        ProfileException.At(_offset + FieldStart, $"{_name}.{field}", $"the wire type is {(byte)Wire}");
}
