using System.Text;

namespace GoTop.Engine.Recording;

/// <summary>
/// Reads what <see cref="ColumnWriter"/> wrote. The bytes may be anybody's: every count is checked against the bytes
/// that are left before memory is taken for it.
/// </summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public long Number() => UnZigZag(Unsigned());

    /// <summary>A number of things of which each takes at least so many bytes.</summary>
    public int Count(int leastBytesEach)
    {
        ulong count = Unsigned();
        if (count > (ulong)(_rest.Length / leastBytesEach)) throw new InvalidDataException($"it claims {count} entries, more than it has room for");
        return (int)count;
    }

    /// <summary>A small number that is not less than 0.</summary>
    public long Index()
    {
        ulong value = Unsigned();
        return value <= int.MaxValue ? (long)value : throw new InvalidDataException($"the number {value} is too large");
    }

    /// <summary>A number that counts nothing that follows.</summary>
    public int Figure()
    {
        long value = Number();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException($"the number {value} is too large");
    }

    public string Text()
    {
        int length = Count(1);
        string text = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _rest.Length) throw CutShort();
        ReadOnlySpan<byte> column = _rest[..count];
        _rest = _rest[count..];
        return column;
    }

    /// <summary>Indices from <paramref name="least"/> (0 or −1) up to but not including <paramref name="limit"/>.</summary>
    public int[] Indices(int count, int least, int limit)
    {
        int[] column = new int[Checked(count)];
        for (int i = 0; i < column.Length; i++)
        {
            ulong value = Unsigned();
            if (value > (ulong)limit || (long)value - 1 < least) throw new InvalidDataException($"an index of {(long)value - 1} lies outside of its list of {limit}");
            column[i] = (int)value - 1;
        }

        return column;
    }

    public long[] Numbers(int count)
    {
        ulong form = Unsigned();
        if (form == 0) return Differences(count);
        if (form != 1) throw new InvalidDataException($"the form {form} of a column is unknown");
        long[] distinct = Differences(Count(1));
        long[] column = new long[Checked(count)];
        for (int i = 0; i < column.Length; i++)
        {
            ulong index = Unsigned();
            column[i] = index < (ulong)distinct.Length ? distinct[index] : throw new InvalidDataException($"an index of {index} lies outside of its list of {distinct.Length}");
        }

        return column;
    }

    /// <summary>As many as the other column has.</summary>
    public long[] NumbersNear(ReadOnlySpan<long> reference)
    {
        long[] frequent = Differences(Count(1));
        int[] index = Indices(reference.Length, -1, frequent.Length);
        long[] column = new long[index.Length];
        for (int i = 0; i < column.Length; i++) column[i] = index[i] >= 0 ? frequent[index[i]] : unchecked(reference[i] - Number());
        return column;
    }

    public long[] Differences(int count)
    {
        long[] column = new long[Checked(count)];
        long value = 0;
        for (int i = 0; i < column.Length; i++) column[i] = value = unchecked(value + UnZigZag(Unsigned()));
        return column;
    }

    /// <summary>Each entry of a column takes a byte at least.</summary>
    private readonly int Checked(int count) => count <= _rest.Length ? count : throw CutShort();

    private ulong Unsigned()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            byte part = _rest[i];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw CutShort();
    }

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static InvalidDataException CutShort() => new("it is cut short");
}
