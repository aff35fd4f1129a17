using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace GoTop.Mutate.Inputs;

/// <summary>
/// Makes damaged and hostile inputs out of sound ones: one of them, or two joined, with a few changes of the kinds that upset
/// readers. Input N of a seed is always the same, as long as corpus and tokens are.
/// </summary>
/// <param name="tokens">Pieces of the format, to be put where they do not belong.</param>
internal sealed class Mutator(ImmutableArray<byte[]> corpus, ImmutableArray<byte[]> tokens)
{
    /// <summary>Above the largest sound input, so that doubling a part of one fits.</summary>
    private const int Slack = 4096;

    private static readonly byte[] NotableBytes = [0, 1, 0x0A, 0x20, 0x30, 0x3F, 0x40, 0x7F, 0x80, 0x81, 0xC0, 0xFE, 0xFF];

    /// <summary>Each as Uvarint: limits of what lengths and counts are kept in, and numbers that are too long.</summary>
    private static readonly byte[][] NotableVarints =
    [
        .. ((ulong[])[0, 1, 127, 128, 1000, 65_535, 65_536, 1 << 20, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue]).Select(Varint),
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    ];

    private static readonly byte[][] NotableNumbers =
    [
        .. ((string[])["0", "-1", "1", "65536", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e400", "NaN", "0x1", "99999999999999999999999999999999"])
            .Select(Encoding.ASCII.GetBytes),
    ];

    private readonly MutableBytes _bytes = new(corpus.Max(each => each.Length) * 2 + Slack);

    /// <summary>The input of that number. Good until the next is asked for.</summary>
    public ArraySegment<byte> Input(ulong seed, long number)
    {
        MutationRandom random = MutationRandom.For(seed, number);
        _bytes.Set(corpus[random.Below(corpus.Length)]);
        if (random.OneIn(12)) Splice(ref random);
        int changes = random.OneIn(64) ? 0 : random.Small(16);
        for (int i = 0; i < changes; i++) Change(ref random);
        return _bytes.Segment;
    }

    private void Change(ref MutationRandom random)
    {
        int place = random.Below(_bytes.Length + 1);
        switch (random.Below(16))
        {
            case 0 or 1 or 2:
                ChangeByte(place, ref random);
                break;
            case 3:
                _bytes.Replace(place, Math.Min(random.Small(_bytes.Length - place), _bytes.Length - place), default);
                break;
            case 4:
                Repeat(place, ref random);
                break;
            case 5:
                ReadOnlySpan<byte> copied = Range(ref random);
                _bytes.Replace(place, Math.Min(copied.Length, _bytes.Length - place), copied);
                break;
            case 6:
                _bytes.Replace(place, 0, Range(ref random));
                break;
            case 7 when random.OneIn(4):
                _bytes.Truncate(place);
                break;
            case 8 or 9:
                _bytes.Replace(place, VarintLength(place), NotableVarints[random.Below(NotableVarints.Length)]);
                break;
            case 10:
                _bytes.Replace(place, VarintLength(place), Varint(random.Next() >> random.Below(64)));
                break;
            case 11:
                ChangeNumberText(place, ref random);
                break;
            case 12 or 13 when tokens.Length > 0:
                byte[] token = tokens[random.Below(tokens.Length)];
                _bytes.Replace(place, random.OneIn(2) ? 0 : Math.Min(token.Length, _bytes.Length - place), token);
                break;
            default:
                Span<byte> noise = stackalloc byte[8];
                BitConverter.TryWriteBytes(noise, random.Next());
                noise = noise[..random.Small(8)];
                _bytes.Replace(place, random.OneIn(2) ? 0 : Math.Min(noise.Length, _bytes.Length - place), noise);
                break;
        }
    }

    private void ChangeByte(int place, ref MutationRandom random)
    {
        if (place == _bytes.Length) return;
        ref byte changed = ref _bytes.Span[place];
        changed = random.Below(4) switch
        {
            0 => (byte)random.Next(),
            1 => NotableBytes[random.Below(NotableBytes.Length)],
            2 => (byte)(changed + (random.OneIn(2) ? 1 : -1)),
            _ => (byte)(changed ^ (1 << random.Below(8))),
        };
    }

    /// <summary>The beginning of this input and the end of another.</summary>
    private void Splice(ref MutationRandom random)
    {
        byte[] other = corpus[random.Below(corpus.Length)];
        int kept = random.Below(_bytes.Length + 1);
        _bytes.Replace(kept, _bytes.Length - kept, other.AsSpan(random.OneIn(2) ? Math.Min(kept, other.Length) : random.Below(other.Length + 1)));
    }

    private void Repeat(int place, ref MutationRandom random)
    {
        byte[] repeated = _bytes.Span.Slice(place, Math.Min(random.Small(64), _bytes.Length - place)).ToArray();
        for (int times = random.Small(64); times > 0 && repeated.Length > 0; times--) _bytes.Replace(place, 0, repeated);
    }

    private ReadOnlySpan<byte> Range(ref MutationRandom random)
    {
        int start = random.Below(_bytes.Length + 1);
        return _bytes.Span.Slice(start, Math.Min(random.Small(1024), _bytes.Length - start));
    }

    private void ChangeNumberText(int place, ref MutationRandom random)
    {
        ReadOnlySpan<byte> after = _bytes.Span[place..];
        int digit = after.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit < 0) return;
        int end = after[digit..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        byte[] number = random.OneIn(2) ? NotableNumbers[random.Below(NotableNumbers.Length)] : Encoding.ASCII.GetBytes(((long)random.Next() >> random.Below(64)).ToString(CultureInfo.InvariantCulture));
        _bytes.Replace(place + digit, end < 0 ? after.Length - digit : end, number);
    }

    private int VarintLength(int place)
    {
        int length = 0;
        while (length < 10 && place + length < _bytes.Length)
            if (_bytes.Span[place + length++] < 0x80) break;
        return length;
    }

    private static byte[] Varint(ulong number)
    {
        List<byte> bytes = [];
        for (; number >= 0x80; number >>= 7) bytes.Add((byte)(number | 0x80));
        bytes.Add((byte)number);
        return [.. bytes];
    }
}
