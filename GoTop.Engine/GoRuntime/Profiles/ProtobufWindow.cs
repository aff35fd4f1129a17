namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Walks the top-level fields of a profile as its bytes arrive: never more than one field is held, and fields that nobody knows are
/// not held at all.
/// </summary>
internal sealed class ProtobufWindow(Stream input, ProfileLimits limits, CancellationToken cancellation)
{
    private const int MostFieldsOfNumberZero = 1000;
    private const int TagAndLengthBytes = 20;

    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private long _offsetOfBuffer;
    private bool _ended;
    private int _fieldsOfNumberZero;

    /// <summary>Fields up to this number are known.</summary>
    public const ulong LastKnownField = 15;

    /// <summary>Bytes before the next field.</summary>
    public long Offset => _offsetOfBuffer + _start;

    public ulong Field { get; private set; }

    public WireType Wire { get; private set; }

    public ulong Number { get; private set; }

    /// <summary>Where the field begins, with its tag.</summary>
    public long FieldOffset { get; private set; }

    /// <summary>Where the field's bytes begin.</summary>
    public long BytesOffset { get; private set; }

    /// <summary>The bytes of a field of <see cref="WireType.Bytes"/>, valid until the next one.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan((int)(BytesOffset - _offsetOfBuffer), _length);

    private int _length;

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        Fill(TagAndLengthBytes);
        if (_start == _end) return false;
        FieldOffset = Offset;
        ulong tag = Varint();
        Field = tag >> 3;
        // No field has this number. pprof passes over it too, but a run of zero bytes is no profile, however long it is.
        if (Field == 0 && ++_fieldsOfNumberZero > MostFieldsOfNumberZero) throw Problem("field after field of number 0");
        Wire = (WireType)(tag & 7);
        _length = 0;
        switch (Wire)
        {
            case WireType.Varint:
                Number = Varint();
                break;
            case WireType.Bytes:
                TakeBytes(Varint());
                break;
            case WireType.Fixed64:
                Pass(8);
                break;
            case WireType.Fixed32:
                Pass(4);
                break;
            default:
                throw Problem($"field {Field} has the unknown wire type {(byte)Wire}");
        }

        return true;
    }

    public ProfileException Problem(string problem) => ProfileException.At(FieldOffset, "profile", problem);

    private void TakeBytes(ulong length)
    {
        BytesOffset = Offset;
        if (Field is 0 or > LastKnownField)
        {
            Pass(length);
            return;
        }

        if (length > (ulong)limits.MaxFieldBytes) throw Problem($"field {Field} claims {length} bytes; {limits.MaxFieldBytes} are the most that are read");
        if (!Fill((int)length)) throw Problem($"field {Field} claims {length} bytes of the {_end - _start} that are left");
        _length = (int)length;
        _start += _length;
    }

    private ulong Varint()
    {
        if (ProtobufMessage.TryVarint(_buffer.AsSpan(0, _end), ref _start, out ulong value)) return value;
        throw Problem("a number does not end");
    }

    private void Pass(ulong count)
    {
        ulong left = count;
        while (left > 0)
        {
            if (_start == _end && !Fill(1)) throw Problem($"field {Field} claims {count} bytes, {left} more than there are");
            int step = (int)Math.Min(left, (ulong)(_end - _start));
            _start += step;
            left -= (ulong)step;
        }
    }

    /// <summary>Has at least so many bytes at hand, or all that are left; false when these are fewer.</summary>
    private bool Fill(int count)
    {
        if (_end - _start >= count) return true;
        if (_ended) return false;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _offsetOfBuffer += _start;
        _end -= _start;
        _start = 0;
        if (count > _buffer.Length) Array.Resize(ref _buffer, count);
        while (_end < count)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = Read(_buffer.AsSpan(_end));
            if (read == 0)
            {
                _ended = true;
                return false;
            }

            _end += read;
            if (_offsetOfBuffer + _end > limits.MaxBytes) throw new ProfileException($"the profile is larger than {limits.MaxBytes} bytes, the most that are read");
        }

        return true;
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            return input.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ProfileException($"{e.Message}, after {_offsetOfBuffer + _end} uncompressed bytes", e);
        }
    }
}
