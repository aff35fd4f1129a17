using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>A field of a structured line.</summary>
/// <param name="Key">Of nested objects with dots: <c>user.id</c>.</param>
public readonly record struct LogField(string Key, string Value);

/// <summary>A log line with what it says. Made from the line alone, so that a recording holds nothing but lines.</summary>
public sealed class LogEntry
{
    /// <summary>Fields kept of a line.</summary>
    public const int MostFields = 32;

    private const int MostKeyChars = 64;
    private const int MostValueChars = 200;
    private const int DeepestObject = 3;

    private readonly LineForm _form;

    private LogEntry(LogLine line, LineForm form, LineLevel level, DateTimeOffset? ownTime, string message)
    {
        Line = line;
        _form = form;
        Level = level;
        OwnTime = ownTime;
        Message = message;
    }

    public LogLine Line { get; }

    public LineLevel Level { get; }

    /// <summary>The time that the line itself tells, where it tells the zone as well.</summary>
    public DateTimeOffset? OwnTime { get; }

    /// <summary>Without time, level and, of JSON and logfmt, fields.</summary>
    public string Message { get; }

    public string Text => Line.Text;

    /// <summary>JSON or logfmt: message and fields tell all of it.</summary>
    public bool IsStructured => _form != LineForm.Plain;

    /// <summary>Read anew each time, since most lines are never asked; without time, level and message.</summary>
    public ImmutableArray<LogField> Fields => ReadFields();

    public static LogEntry Of(LogLine line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line.Text);
        LineFacts facts = LineReader.Read(bytes);
        string message = facts.Form == LineForm.Plain
            ? facts.Message.Length == bytes.Length ? line.Text : Encoding.UTF8.GetString(facts.Message)
            : PlainText.Clean(LineText.Unescape(facts.Message), Math.Max(1, facts.Message.Length));
        return new LogEntry(line, facts.Form, facts.Level, TimeText.Moment(facts.Time), message);
    }

    /// <summary>The value of a field; null when the line has none of this name.</summary>
    public string? Field(string key)
    {
        foreach (LogField field in ReadFields())
        {
            if (string.Equals(field.Key, key, StringComparison.OrdinalIgnoreCase)) return field.Value;
        }

        return null;
    }

    private ImmutableArray<LogField> ReadFields()
    {
        ImmutableArray<LogField>.Builder fields = ImmutableArray.CreateBuilder<LogField>();
        byte[] bytes = Encoding.UTF8.GetBytes(Line.Text);
        if (_form == LineForm.Json) AddObject(bytes, "", depth: 0, fields);
        else AddPairs(bytes, fields);
        return fields.ToImmutable();
    }

    private static void AddObject(ReadOnlySpan<byte> text, string prefix, int depth, ImmutableArray<LogField>.Builder fields)
    {
        JsonLine json = new(text);
        while (fields.Count < MostFields && json.Next())
        {
            if (depth == 0 && IsTold(json.Key)) continue;
            string key = prefix + Clean(LineText.Unescape(json.Key), MostKeyChars);
            if (json.IsObject && depth + 1 < DeepestObject) AddObject(json.Value, key + ".", depth + 1, fields);
            else fields.Add(new LogField(key, Clean(json.IsString ? LineText.Unescape(json.Value) : Encoding.UTF8.GetString(json.Value), MostValueChars)));
        }
    }

    private void AddPairs(ReadOnlySpan<byte> text, ImmutableArray<LogField>.Builder fields)
    {
        PairReader pairs = new(text);
        while (fields.Count < MostFields && pairs.Next())
        {
            if (_form == LineForm.Logfmt && IsTold(pairs.Key)) continue;
            fields.Add(new LogField(Encoding.UTF8.GetString(pairs.Key), Clean(LineText.Unescape(pairs.Value), MostValueChars)));
        }
    }

    private static bool IsTold(ReadOnlySpan<byte> key) => LineReader.IsLevelKey(key) || LineReader.IsMessageKey(key) || LineReader.IsTimeKey(key);

    private static string Clean(string text, int most) => PlainText.Clean(text, most);
}
