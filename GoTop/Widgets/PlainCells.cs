using System.Text;
using GoTop.Screen;
using Terminal.Gui.Text;

namespace GoTop.Widgets;

/// <summary>
/// Text as it may reach a cell: without characters that change the reading direction (a hostile name could otherwise
/// show as another), and in ASCII where the terminal has nothing more.
/// </summary>
public static class PlainCells
{
    /// <summary>Columns that the text takes on the screen.</summary>
    public static int Columns(ReadOnlySpan<char> text)
    {
        if (IsPlain(text)) return text.Length;
        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes()) columns += Columns(rune);
        return columns;
    }

    /// <summary>The longest beginning of the text that fits into so many columns.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int columns)
    {
        if (IsPlain(text)) return text[..Math.Clamp(columns, 0, text.Length)];
        int end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            columns -= Columns(rune);
            if (columns < 0) break;
            end += rune.Utf16SequenceLength;
        }

        return text[..Math.Min(end, text.Length)];
    }

    /// <summary>The longest end of the text that fits into so many columns.</summary>
    public static ReadOnlySpan<char> Suffix(ReadOnlySpan<char> text, int columns)
    {
        int skip = Columns(text) - Math.Max(0, columns), start = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (skip <= 0) break;
            skip -= Columns(rune);
            start += rune.Utf16SequenceLength;
        }

        return text[Math.Min(start, text.Length)..];
    }

    /// <summary>The text itself when there is nothing to change, else a changed copy in the buffer, cut to its length.</summary>
    internal static ReadOnlySpan<char> Clean(ReadOnlySpan<char> text, Span<char> buffer, GlyphSet glyphs)
    {
        if (IsPlain(text)) return text;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (ChangesDirection(rune)) continue;
            Rune shown = Rune.IsControl(rune) ? new Rune(' ') : glyphs.Braille ? rune : Ascii(rune);
            if (!shown.TryEncodeToUtf16(buffer[length..], out int written)) break;
            length += written;
        }

        return buffer[..length];
    }

    internal static bool ChangesDirection(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~');

    private static int Columns(Rune rune) => rune.IsAscii ? 1 : Math.Max(0, rune.GetColumns());

    /// <summary>Our own typography has a likeness in ASCII; anything else is not guessed at.</summary>
    private static Rune Ascii(Rune rune) => rune.IsAscii ? rune : new Rune(rune.Value switch
    {
        'µ' => 'u',
        '–' or '−' or '—' => '-',
        '…' => '~',
        '·' => '|',
        '×' => 'x',
        '≥' or '→' => '>',
        '●' => '*',
        '▲' => '^',
        '▼' => 'v',
        '▸' => '+',
        '▾' => '-',
        '█' => '#',
        >= '▁' and < '█' => GlyphSet.Ascii.Bars[1 + rune.Value - '▁'],
        _ => '?',
    });
}
