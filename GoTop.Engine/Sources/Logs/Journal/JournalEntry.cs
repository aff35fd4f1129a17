using System.Globalization;
using System.Text;
using GoTop.Engine.Analysis.Logs;

namespace GoTop.Engine.Sources.Logs.Journal;

/// <summary>One line of <c>journalctl -o json</c>, by the field names of systemd.journal-fields(7).</summary>
/// <param name="Message">May hold several lines.</param>
/// <param name="Priority">syslog's, 0 (emerg) to 7 (debug); null when not told.</param>
/// <param name="At">When journald received it.</param>
internal sealed record JournalEntry(string Message, int? Priority, DateTimeOffset? At, string? Cursor)
{
    private const int MostBytesOfArray = 16 << 10;
    private const string NotTold = "(a message that journalctl does not tell)";

    /// <returns>Null for a line that is none.</returns>
    public static JournalEntry? Parse(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'{', ..]) return null;
        string? message = null, cursor = null;
        int? priority = null;
        DateTimeOffset? at = null;
        JsonLine json = new(line);
        while (json.Next())
        {
            if (json.Key.SequenceEqual("MESSAGE"u8)) message = json.IsString ? LineText.Unescape(json.Value, keepsTabs: true, keepsLines: true) : OfBytes(json.Value) ?? NotTold;
            else if (json.Key.SequenceEqual("PRIORITY"u8) && int.TryParse(json.Value, CultureInfo.InvariantCulture, out int number)) priority = number;
            else if (json.Key.SequenceEqual("__CURSOR"u8)) cursor = Encoding.UTF8.GetString(json.Value);
            else if (json.Key.SequenceEqual("__REALTIME_TIMESTAMP"u8) && long.TryParse(json.Value, CultureInfo.InvariantCulture, out long microseconds) && microseconds is > 0 and < 100_000_000_000_000_000)
                at = DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
        }

        return message is null ? null : new JournalEntry(message, priority, at, cursor);
    }

    /// <summary>
    /// Its lines. One that does not tell its level has the priority put before it where that is a warning or worse: what
    /// services print is given "info", whatever it says.
    /// </summary>
    public IEnumerable<byte[]> Lines()
    {
        string word = Priority switch
        {
            0 or 1 or 2 => "[CRITICAL] ",
            3 => "[ERROR] ",
            4 => "[WARN] ",
            _ => "",
        };
        foreach (string text in Message.Split('\n'))
        {
            byte[] line = Encoding.UTF8.GetBytes(text);
            yield return word.Length > 0 && LineReader.Read(line).Level == Model.LineLevel.Unknown ? Encoding.UTF8.GetBytes(word + text) : line;
            word = "";
        }
    }

    /// <summary>What is no text is written as an array of bytes, such as colours; what is too long without <c>--all</c>, as null.</summary>
    private static string? OfBytes(ReadOnlySpan<byte> value)
    {
        if (value is not [(byte)'[', .., (byte)']']) return null;
        List<byte> bytes = [];
        foreach (Range part in value[1..^1].Split((byte)','))
        {
            if (bytes.Count == MostBytesOfArray) break;
            if (byte.TryParse(value[1..^1][part].Trim((byte)' '), CultureInfo.InvariantCulture, out byte one)) bytes.Add(one);
        }

        return bytes.Count == 0 ? null : Encoding.UTF8.GetString([.. bytes]);
    }
}
