using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Labels;

/// <summary>
/// A label's texts: read, cleaned and kept, since the same few come again and again. What is no text is refused, so that
/// memory that holds something else is not taken for labels.
/// </summary>
internal sealed class LabelStrings(PagedMemory pages)
{
    /// <summary>Longer ones are cut.</summary>
    public const int LongestShown = 200;

    private const int LongestRead = 512;
    private const ulong LongestPlausible = 1 << 20;
    private const int MaximumKept = 1 << 16;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    public void BeginRead()
    {
        if (_kept.Count >= MaximumKept) _kept.Clear();
    }

    /// <param name="header">A string's pointer and length.</param>
    /// <returns>Null when there is no text.</returns>
    public string? Read(ReadOnlySpan<byte> header)
    {
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(header), length = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (length == 0) return "";
        if (length > LongestPlausible) return null;
        Span<byte> bytes = stackalloc byte[LongestRead];
        bytes = bytes[..(int)Math.Min(length, LongestRead)];
        if (!pages.TryRead(address, bytes)) return null;
        // A character that the limit cuts through is left out.
        if (length > LongestRead) bytes = WithoutCutCharacter(bytes);
        Span<char> text = stackalloc char[LongestRead];
        try
        {
            text = text[..Strict.GetChars(bytes, text)];
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> kept = _kept.GetAlternateLookup<ReadOnlySpan<char>>();
        if (kept.TryGetValue(text, out string? known)) return known;
        string clean = PlainText.Clean(text, LongestShown);
        // Only what is as it was read can be found again by what is read.
        if (clean.AsSpan().SequenceEqual(text)) _kept.Add(clean);
        return clean;
    }

    private static Span<byte> WithoutCutCharacter(Span<byte> bytes)
    {
        int end = bytes.Length;
        for (int back = 1; back <= 3 && back < end; back++)
        {
            byte first = bytes[end - back];
            if ((first & 0xc0) == 0x80) continue;
            int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
            return length > back ? bytes[..(end - back)] : bytes;
        }

        return bytes;
    }
}
