using System.Buffers;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Model;

/// <summary>Makes text from outside safe to show: nothing in it can steer a terminal or reorder what stands beside it.</summary>
public static class PlainText
{
    private const char Escape = '\u001b';
    private const char ControlSequence = '\u009b';
    private const char Bell = '\u0007';
    private const char StringEnd = '\u009c';

    private static readonly SearchValues<char> Harmless = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>
    /// One line of plain text. Whole terminal sequences (colours, titles, links) go, and so do control characters, the
    /// marks that reorder text and other invisible ones; tabs and line ends become blanks; halves of surrogate pairs
    /// become U+FFFD. Text that is cut ends in "…".
    /// </summary>
    /// <param name="maxChars">UTF-16 units, at least 1; never splits a pair.</param>
    public static string Clean(ReadOnlySpan<char> text, int maxChars)
    {
        if (text.Length <= maxChars && !text.ContainsAnyExcept(Harmless)) return text.ToString();
        // Untrusted text may be all sequences, so what is looked at is capped as well as what is kept.
        const int LookedAtPerChar = 16;
        bool cut = text.Length > (long)maxChars * LookedAtPerChar;
        if (cut) text = text[..(maxChars * LookedAtPerChar)];
        StringBuilder plain = new(Math.Min(text.Length, maxChars));
        while (!text.IsEmpty)
        {
            int sequence = SequenceLength(text);
            if (sequence > 0)
            {
                text = text[sequence..];
                continue;
            }

            // What is no whole character comes out as U+FFFD.
            _ = Rune.DecodeFromUtf16(text, out Rune rune, out int used);
            text = text[used..];
            if (Shown(rune) is not { } shown) continue;
            if (plain.Length + shown.Utf16SequenceLength > maxChars)
            {
                cut = true;
                break;
            }

            plain.Append(shown);
        }

        if (!cut) return plain.ToString();
        if (plain.Length >= maxChars) plain.Length = Math.Max(0, maxChars - 1);
        if (plain.Length > 0 && char.IsHighSurrogate(plain[^1])) plain.Length--;
        return plain.Append('…').ToString();
    }

    /// <summary>How long the terminal sequence is that the text begins with; 0 when it begins with none.</summary>
    private static int SequenceLength(ReadOnlySpan<char> text)
    {
        char first = text[0];
        if (first == ControlSequence) return 1 + ParametersLength(text[1..]);
        if (first != Escape) return 0;
        if (text.Length == 1) return 1;
        return text[1] switch
        {
            '[' => 2 + ParametersLength(text[2..]),
            // Operating system command, device control string, start of string, privacy message, application command.
            ']' or 'P' or 'X' or '^' or '_' => 2 + StringLength(text[2..]),
            >= ' ' and <= '/' when text.Length > 2 => 3,
            >= '0' and <= '~' => 2,
            _ => 1,
        };
    }

    /// <summary>Parameters and intermediates up to the final byte. A sequence that is broken off ends before what breaks it.</summary>
    private static int ParametersLength(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange(' ', '?');
        if (length < 0) return text.Length;
        return text[length] is >= '@' and <= '~' ? length + 1 : length;
    }

    /// <summary>Up to BEL or ST. An unended string takes nothing, so that it cannot hide the rest of a line.</summary>
    private static int StringLength(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny(Bell, StringEnd, Escape);
        if (end < 0) return 0;
        return text[end] == Escape ? (end + 1 < text.Length && text[end + 1] == '\\' ? end + 2 : 0) : end + 1;
    }

    private static Rune? Shown(Rune rune)
    {
        if (rune.Value is >= ' ' and <= '~') return rune;
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.Control:
                return rune.Value is '\t' or '\n' or '\r' or 0x85 ? new Rune(' ') : null;
            case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                return new Rune(' ');
            case UnicodeCategory.Format:
                // All but the joiners, which scripts and emoji need: direction marks and overrides, tags, byte order marks.
                return rune.Value is 0x200c or 0x200d ? rune : null;
            default:
                return rune;
        }
    }
}
