using System.Buffers.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Picks numbers out of the kernel's text files without making strings.</summary>
internal static class KernelText
{
    /// <summary>
    /// The number after a key that begins a line: <c>VmRSS:  12 kB</c>, <c>nr_throttled 4</c>. Only at a line's start, for
    /// a process may call itself <c>x VmRSS: 1</c>.
    /// </summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out long value)
    {
        value = 0;
        ReadOnlySpan<byte> rest = AfterKey(text, key);
        return !rest.IsEmpty && Utf8Parser.TryParse(rest, out value, out _);
    }

    /// <summary>A line's text after its key, the colon and blanks; empty when there is no such line.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> rest = AfterKey(text, key);
        int end = rest.IndexOf((byte)'\n');
        return (end < 0 ? rest : rest[..end]).TrimEnd(" \t"u8);
    }

    /// <summary>Takes the first line off the text. False when nothing is left.</summary>
    public static bool TryTakeLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        line = text;
        if (text.IsEmpty) return false;
        int end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return true;
    }

    /// <summary>Takes the next run of non-blanks off a line. Empty when nothing is left.</summary>
    public static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        int end = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    /// <summary>Takes the next number off a line.</summary>
    public static bool TryTakeNumber(ref ReadOnlySpan<byte> line, out long value)
    {
        ReadOnlySpan<byte> word = TakeWord(ref line);
        return Utf8Parser.TryParse(word, out value, out int used) && used == word.Length;
    }

    /// <summary>The first number of a file that holds little else.</summary>
    public static bool TryFirstNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text.TrimStart(" \t"u8), out value, out _);

    private static ReadOnlySpan<byte> AfterKey(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        for (int from = 0; from < text.Length;)
        {
            int found = text[from..].IndexOf(key);
            if (found < 0) return [];
            int at = from + found;
            int after = at + key.Length;
            bool startsLine = at == 0 || text[at - 1] == '\n';
            if (startsLine && after < text.Length && text[after] is (byte)':' or (byte)' ' or (byte)'\t')
                return text[after..].TrimStart(": \t"u8);
            from = after;
        }

        return [];
    }
}
