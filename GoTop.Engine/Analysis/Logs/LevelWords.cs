using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>What loggers call their levels: log/slog, zap, zerolog, logrus, klog and those that write by hand.</summary>
internal static class LevelWords
{
    private const int LongestWord = 12;

    /// <summary>Of a word alone, in any case; <see cref="LineLevel.Unknown"/> for another word.</summary>
    public static LineLevel Of(ReadOnlySpan<byte> word)
    {
        // slog's levels between the named ones: ERROR+2, DEBUG-4.
        int between = word.IndexOfAny((byte)'+', (byte)'-');
        if (between > 0) word = word[..between];
        if (word.Length is < 3 or > LongestWord) return LineLevel.Unknown;
        return (word[0] | 0x20) switch
        {
            (byte)'t' when Is(word, "trace"u8) || Is(word, "trc"u8) => LineLevel.Trace,
            (byte)'d' when Is(word, "debug"u8) || Is(word, "dbg"u8) || Is(word, "debu"u8) => LineLevel.Debug,
            (byte)'d' when Is(word, "dpanic"u8) => LineLevel.Fatal,
            (byte)'i' when Is(word, "info"u8) || Is(word, "inf"u8) || Is(word, "information"u8) => LineLevel.Info,
            (byte)'n' when Is(word, "notice"u8) => LineLevel.Info,
            (byte)'w' when Is(word, "warn"u8) || Is(word, "warning"u8) || Is(word, "wrn"u8) => LineLevel.Warn,
            (byte)'e' when Is(word, "error"u8) || Is(word, "err"u8) || Is(word, "erro"u8) => LineLevel.Error,
            (byte)'e' when Is(word, "emerg"u8) => LineLevel.Fatal,
            (byte)'f' when Is(word, "fatal"u8) || Is(word, "ftl"u8) || Is(word, "fata"u8) => LineLevel.Fatal,
            (byte)'c' when Is(word, "critical"u8) || Is(word, "crit"u8) => LineLevel.Fatal,
            (byte)'p' when Is(word, "panic"u8) || Is(word, "pnc"u8) => LineLevel.Fatal,
            (byte)'a' when Is(word, "alert"u8) => LineLevel.Fatal,
            _ => LineLevel.Unknown,
        };
    }

    /// <summary>Of a value of a level key: a word, or a number as slog (−4, 0, 4, 8) and pino (10 … 60) write it.</summary>
    public static LineLevel OfValue(ReadOnlySpan<byte> value)
    {
        if (!System.Buffers.Text.Utf8Parser.TryParse(value, out int number, out int used) || used != value.Length) return Of(value);
        return number switch
        {
            < -4 => LineLevel.Trace,
            < 0 => LineLevel.Debug,
            < 4 => LineLevel.Info,
            < 8 => LineLevel.Warn,
            < 10 => LineLevel.Error,
            < 20 => LineLevel.Trace,
            < 30 => LineLevel.Debug,
            < 40 => LineLevel.Info,
            < 50 => LineLevel.Warn,
            < 60 => LineLevel.Error,
            _ => LineLevel.Fatal,
        };
    }

    /// <summary>
    /// Of a token of free text: a level word in capitals, in brackets or before a colon. In running text the words mean
    /// nothing ("no error").
    /// </summary>
    public static LineLevel OfToken(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty) return LineLevel.Unknown;
        bool marked = false;
        if (token[0] is (byte)'[' or (byte)'<' or (byte)'(' or (byte)'|')
        {
            token = token[1..];
            marked = true;
        }

        while (!token.IsEmpty && token[^1] is (byte)']' or (byte)'>' or (byte)')' or (byte)':' or (byte)'|')
        {
            token = token[..^1];
            marked = true;
        }

        if (token.Length > LongestWord || token.IsEmpty) return LineLevel.Unknown;
        LineLevel level = Of(token);
        return marked || level == LineLevel.Unknown || !token.ContainsAnyInRange((byte)'a', (byte)'z') ? level : LineLevel.Unknown;
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(word, lower);
}
