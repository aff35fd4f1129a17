using System.Buffers;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>
/// Turns a message into what all messages like it have in common: words with a digit, quoted texts and values after an equals
/// sign become <c>*</c>. One pass over the bytes, since it is done for every line.
/// </summary>
public static class PatternMask
{
    public const int MostBytes = 160;

    private const byte Star = (byte)'*';

    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(" \t,;()[]{}<>|=:/\"'"u8);

    /// <param name="template">At least <see cref="MostBytes"/>.</param>
    /// <returns>The template's length.</returns>
    public static int Mask(ReadOnlySpan<byte> message, Span<byte> template)
    {
        int length = 0;
        template = template[..MostBytes];
        while (!message.IsEmpty && length < MostBytes)
        {
            int stop = message.IndexOfAny(Delimiters);
            ReadOnlySpan<byte> word = stop < 0 ? message : message[..stop];
            if (!word.IsEmpty)
            {
                if (word.ContainsAnyInRange((byte)'0', (byte)'9')) length = AddStar(template, length);
                else length = Add(template, length, word);
            }

            if (stop < 0 || length >= MostBytes) break;
            byte delimiter = message[stop];
            message = message[(stop + 1)..];
            if (delimiter == (byte)'"')
            {
                // Of JSON, and of a quoted value, the marks of a text within are escaped.
                bool escaped = word is [.., (byte)'\\'] && length > 0 && template[length - 1] == (byte)'\\';
                if (escaped) length--;
                length = AddStar(template, length);
                message = escaped ? AfterEscapedQuote(message) : AfterQuote(message);
                continue;
            }

            if (delimiter == (byte)'\t') delimiter = (byte)' ';
            // Runs of blanks pad columns and mean nothing.
            if (delimiter == (byte)' ' && length > 0 && template[length - 1] == (byte)' ') continue;
            template[length++] = delimiter;
            if (delimiter == (byte)'=' && word.Length > 0 && !message.IsEmpty && message[0] is not ((byte)'"' or (byte)' ' or (byte)'='))
            {
                length = AddStar(template, length);
                int end = message.IndexOfAny((byte)' ', (byte)',', (byte)';');
                message = end < 0 ? default : message[end..];
            }
        }

        while (length > 0 && template[length - 1] == (byte)' ') length--;
        return length;
    }

    private static int Add(Span<byte> template, int length, ReadOnlySpan<byte> word)
    {
        int taken = Math.Min(word.Length, template.Length - length);
        word[..taken].CopyTo(template[length..]);
        return length + taken;
    }

    private static int AddStar(Span<byte> template, int length)
    {
        // Lists of any length are one pattern: "ids 1 2 3".
        if (length >= 2 && template[length - 1] == (byte)' ' && template[length - 2] == Star) return length - 1;
        if (length >= template.Length || (length > 0 && template[length - 1] == Star)) return length;
        template[length] = Star;
        return length + 1;
    }

    private static ReadOnlySpan<byte> AfterQuote(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int end = text.IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0) return default;
            if (text[end] == (byte)'"') return text[(end + 1)..];
            text = end + 2 <= text.Length ? text[(end + 2)..] : default;
        }
    }

    /// <summary>Behind <c>\"</c>; a mark within the text is <c>\\\"</c>.</summary>
    private static ReadOnlySpan<byte> AfterEscapedQuote(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int end = text.IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0) return default;
            text = text[end..];
            if (text[0] == (byte)'"') return text[1..];
            if (text.StartsWith("\\\""u8)) return text[2..];
            int skipped = text.StartsWith("\\\\\\\""u8) ? 4 : 2;
            text = skipped <= text.Length ? text[skipped..] : default;
        }
    }
}
