using System.Text.Json;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// What a log puts before each line: journald's short forms (<c>Nov 25 10:00:00 host svc[123]: </c>), syslog's, Kubernetes'
/// CRI form (<c>2026-11-25T10:00:00.1Z stdout F </c>), docker compose's (<c>web-1  | </c>). It is learnt from a line that
/// surely is Go's, as so many words of such shapes; what is written by other means in between has other shapes.
/// </summary>
internal sealed class LogPrefix
{
    private const int LongestPrefix = 256;

    private readonly byte[] _shape = new byte[LongestPrefix];
    private int _shapeLength;
    private int _words;
    private byte _separator;

    /// <summary>Takes what stands before a goroutine's header.</summary>
    /// <returns>False when the line holds none, or nothing stands before it.</returns>
    public bool TryLearn(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> goroutine = "goroutine "u8;
        int at = line[..Math.Min(line.Length, LongestPrefix + goroutine.Length)].IndexOf(goroutine);
        if (at <= 0 || !IsBlank(line[at - 1]) || !GoroutineHeader.TryRead(line[at..], cut: false, out _)) return false;
        (_shapeLength, _words) = Shape(line[..at], _shape);
        _separator = line[at - 1];
        return true;
    }

    /// <summary>The line without its prefix; false when it has none of this shape.</summary>
    public bool TryStrip(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> rest)
    {
        rest = line;
        if (_words == 0 || EndOfWords(line, _words) is not (> 0 and <= LongestPrefix and int end)) return false;
        Span<byte> shape = stackalloc byte[LongestPrefix];
        (int length, _) = Shape(line[..end], shape);
        if (!shape[..length].SequenceEqual(_shape.AsSpan(0, _shapeLength))) return false;
        rest = line[end..];
        // Of an empty line a log may leave out the separator.
        if (rest is [var first, ..] && first == _separator) rest = rest[1..];
        return true;
    }

    /// <summary>
    /// The text of a line that is JSON of docker's json-file driver (<c>{"log":"…\n","stream":…}</c>) or of
    /// <c>journalctl -o json</c>; null for any other.
    /// </summary>
    public static string? OfJson(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'{', .., (byte)'}'] || (line.IndexOf("\"log\":"u8) < 0 && line.IndexOf("\"MESSAGE\""u8) < 0)) return null;
        try
        {
            Utf8JsonReader json = new(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
                bool isText = json.ValueTextEquals("log"u8) || json.ValueTextEquals("MESSAGE"u8);
                json.Read();
                if (isText) return json.TokenType == JsonTokenType.String ? json.GetString()!.TrimEnd('\n').TrimEnd('\r') : null;
                json.Skip();
            }
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            // A line of the log's own, or cut.
        }

        return null;
    }

    /// <summary>Where so many words end; −1 when there are fewer.</summary>
    private static int EndOfWords(ReadOnlySpan<byte> line, int words)
    {
        int position = 0;
        for (; words > 0; words--)
        {
            while (position < line.Length && IsBlank(line[position])) position++;
            if (position == line.Length) return -1;
            while (position < line.Length && !IsBlank(line[position])) position++;
        }

        return position;
    }

    /// <summary>A run of digits becomes one character, so does one of letters, and each run of blanks between words.</summary>
    private static (int Length, int Words) Shape(ReadOnlySpan<byte> prefix, Span<byte> shape)
    {
        int length = 0, words = 0;
        byte last = (byte)' ';
        foreach (byte character in prefix)
        {
            byte kind = IsBlank(character) ? (byte)' '
                : char.IsAsciiDigit((char)character) ? (byte)'0'
                : char.IsAsciiLetter((char)character) || character >= 0x80 ? (byte)'a'
                : character;
            if (last == ' ' && kind != ' ') words++;
            if (kind != last || kind is not ((byte)' ' or (byte)'0' or (byte)'a')) shape[length++] = kind;
            last = kind;
        }

        return (length > 0 && shape[length - 1] == ' ' ? length - 1 : length, words);
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';
}
