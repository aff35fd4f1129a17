using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

internal enum LineForm : byte
{
    Plain,
    Json,

    /// <summary><c>key=value</c> all along, as slog's TextHandler and logrus write it.</summary>
    Logfmt,
}

/// <summary>What a line says, as parts of it. Of JSON, and between quotation marks, escapes are still in place.</summary>
internal ref struct LineFacts
{
    public LineForm Form;
    public LineLevel Level;

    /// <summary>Without time and level; the whole line where nothing of that is known.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>The time as written; empty for none.</summary>
    public ReadOnlySpan<byte> Time;
}

/// <summary>
/// Reads one line of a log: JSON (slog, zap, zerolog, logrus, pino), logfmt, Go's standard log with any of its flags, klog,
/// and plain text. Key names are those of the loggers' own defaults.
/// </summary>
internal static class LineReader
{
    /// <summary>Where a level may stand in free text: among the first few words.</summary>
    private const int WordsLookedAt = 5;

    public static LineFacts Read(ReadOnlySpan<byte> line)
    {
        LineFacts facts = new() { Message = line };
        if (line.IsEmpty) return facts;
        if (line[0] == (byte)'{' && ReadJson(line, ref facts)) return facts;
        if (IsLogfmt(line) && ReadLogfmt(line, ref facts)) return facts;
        ReadPlain(line, ref facts);
        return facts;
    }

    public static bool IsLevelKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 => key.SequenceEqual("@l"u8),
        3 => key.SequenceEqual("lvl"u8),
        5 => key.SequenceEqual("level"u8) || key.SequenceEqual("Level"u8),
        8 => key.SequenceEqual("severity"u8),
        9 => key.SequenceEqual("log.level"u8) || key.SequenceEqual("levelname"u8),
        _ => false,
    };

    public static bool IsMessageKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 => key.SequenceEqual("@m"u8),
        3 => key.SequenceEqual("msg"u8),
        7 => key.SequenceEqual("message"u8) || key.SequenceEqual("Message"u8),
        _ => false,
    };

    public static bool IsTimeKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 => key[0] is (byte)'t' or (byte)'T',
        2 => key.SequenceEqual("ts"u8) || key.SequenceEqual("@t"u8),
        4 => key.SequenceEqual("time"u8),
        9 => key.SequenceEqual("timestamp"u8),
        10 => key.SequenceEqual("@timestamp"u8),
        _ => false,
    };

    private static bool ReadJson(ReadOnlySpan<byte> line, ref LineFacts facts)
    {
        JsonLine json = new(line);
        bool any = false, message = false;
        while (json.Next())
        {
            any = true;
            if (facts.Level == LineLevel.Unknown && IsLevelKey(json.Key)) facts.Level = LevelWords.OfValue(json.Value);
            else if (!message && json.IsString && IsMessageKey(json.Key))
            {
                facts.Message = json.Value;
                message = true;
            }
            else if (facts.Time.IsEmpty && IsTimeKey(json.Key)) facts.Time = json.Value;
        }

        if (any) facts.Form = LineForm.Json;
        return any;
    }

    private static bool IsLogfmt(ReadOnlySpan<byte> line)
    {
        // It begins with a key: a letter, then an equals sign before the first blank.
        int equals = line.IndexOfAny((byte)'=', (byte)' ');
        return equals > 0 && line[equals] == (byte)'=' && (line.IndexOf("level="u8) >= 0 || line.IndexOf("msg="u8) >= 0 || line.IndexOf("lvl="u8) >= 0);
    }

    private static bool ReadLogfmt(ReadOnlySpan<byte> line, ref LineFacts facts)
    {
        PairReader pairs = new(line);
        bool message = false;
        while (pairs.Next())
        {
            if (facts.Level == LineLevel.Unknown && IsLevelKey(pairs.Key)) facts.Level = LevelWords.OfValue(pairs.Value);
            else if (!message && IsMessageKey(pairs.Key))
            {
                facts.Message = pairs.Value;
                message = true;
            }
            else if (facts.Time.IsEmpty && IsTimeKey(pairs.Key)) facts.Time = pairs.Value;
        }

        facts.Form = LineForm.Logfmt;
        return message || facts.Level != LineLevel.Unknown;
    }

    private static void ReadPlain(ReadOnlySpan<byte> line, ref LineFacts facts)
    {
        if (line.StartsWith("panic: "u8) || line.StartsWith("fatal error: "u8))
        {
            facts.Level = LineLevel.Fatal;
            return;
        }

        ReadOnlySpan<byte> rest = line;
        if (Klog(line) is var (klogLevel, klogLength))
        {
            facts.Level = klogLevel;
            facts.Message = line[klogLength..];
            return;
        }

        int time = TimeText.LengthAtStart(rest);
        if (time > 0)
        {
            facts.Time = rest[..time];
            rest = rest[time..].TrimStart(" \t"u8);
        }

        ReadOnlySpan<byte> message = rest;
        for (int word = 0; word < WordsLookedAt && !rest.IsEmpty; word++)
        {
            int end = rest.IndexOfAny((byte)' ', (byte)'\t');
            ReadOnlySpan<byte> token = end < 0 ? rest : rest[..end];
            LineLevel level = LevelWords.OfToken(token);
            rest = end < 0 ? default : rest[(end + 1)..].TrimStart(" \t"u8);
            if (level != LineLevel.Unknown)
            {
                facts.Level = level;
                // A prefix of the standard log may stand before its time: "INFO: 2026/01/02 03:04:05 …".
                if (facts.Time.IsEmpty && TimeText.LengthAtStart(rest) is > 0 and var later)
                {
                    facts.Time = rest[..later];
                    rest = rest[later..].TrimStart(" \t"u8);
                }

                message = word == 0 ? rest : message;
                break;
            }

            // Once prose has begun, capitals and colons mean other things.
            if (word == 0 && facts.Time.IsEmpty && token.IndexOfAnyInRange((byte)'0', (byte)'9') < 0 && token.ContainsAnyInRange((byte)'a', (byte)'z') && token[^1] != (byte)':') break;
        }

        facts.Message = message;
        if (facts.Level == LineLevel.Unknown && line.IndexOf("http: panic serving "u8) >= 0) facts.Level = LineLevel.Error;
        if (facts.Level == LineLevel.Unknown && line.IndexOf("level="u8) is >= 0 and var at)
        {
            ReadOnlySpan<byte> value = line[(at + 6)..];
            int end = value.IndexOf((byte)' ');
            facts.Level = LevelWords.Of(end < 0 ? value : value[..end]);
        }
    }

    /// <summary><c>E1125 10:11:12.123456   12345 file.go:12] message</c>.</summary>
    private static (LineLevel Level, int Length)? Klog(ReadOnlySpan<byte> line)
    {
        if (line.Length < 20 || line[5] != (byte)' ' || line[8] != (byte)':' || line[1..5].ContainsAnyExceptInRange((byte)'0', (byte)'9')) return null;
        LineLevel level = line[0] switch
        {
            (byte)'I' => LineLevel.Info,
            (byte)'W' => LineLevel.Warn,
            (byte)'E' => LineLevel.Error,
            (byte)'F' => LineLevel.Fatal,
            _ => LineLevel.Unknown,
        };
        int end = line.IndexOf("] "u8);
        return level == LineLevel.Unknown || end < 0 ? null : (level, end + 2);
    }
}
