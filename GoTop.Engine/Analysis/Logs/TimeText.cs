using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>Times as loggers write them.</summary>
internal static class TimeText
{
    /// <summary>
    /// How long the time is that the text begins with, 0 for none: Go's <c>2006/01/02 15:04:05.000000</c>, ISO 8601 with
    /// <c>T</c> or a blank, any fraction and offset, and a mere <c>15:04:05</c>.
    /// </summary>
    public static int LengthAtStart(ReadOnlySpan<byte> text)
    {
        int at = 0;
        if (text.Length >= 10 && IsDigits(text[..4]) && text[4] is (byte)'/' or (byte)'-' && IsDigits(text.Slice(5, 2)) && text[7] == text[4] && IsDigits(text.Slice(8, 2)))
        {
            at = 10;
            if (text.Length == at) return at;
            if (text[at] is not ((byte)' ' or (byte)'T')) return 0;
            int clock = ClockLength(text[(at + 1)..]);
            return clock == 0 ? at : at + 1 + clock;
        }

        return ClockLength(text);
    }

    /// <summary>The moment, where the text tells its offset or counts from 1970; null for a local time, whose zone nobody knows.</summary>
    public static DateTimeOffset? Moment(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 40) return null;
        if (Utf8Parser.TryParse(text, out double number, out int used) && used == text.Length) return OfEpoch(number);
        ReadOnlySpan<byte> clock = text.Length > 11 ? text[11..] : default;
        bool hasOffset = !clock.IsEmpty && (clock[^1] is (byte)'Z' or (byte)'z' || clock.IndexOfAny((byte)'+', (byte)'-') >= 0);
        if (!hasOffset || text[0] is < (byte)'0' or > (byte)'9') return null;
        string written = Encoding.ASCII.GetString(text).Replace(',', '.');
        // zap's default encoder writes +0200.
        return DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset moment) ? moment : null;
    }

    /// <summary>Seconds, milliseconds, microseconds or nanoseconds: by the size of the number.</summary>
    private static DateTimeOffset? OfEpoch(double number)
    {
        double seconds = number switch
        {
            >= 1e17 => number / 1e9,
            >= 1e14 => number / 1e6,
            >= 1e11 => number / 1e3,
            _ => number,
        };
        return seconds is > 1e8 and < 1e11 ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
    }

    private static int ClockLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || !IsDigits(text[..2]) || text[2] != (byte)':' || !IsDigits(text.Slice(3, 2)) || text[5] != (byte)':' || !IsDigits(text.Slice(6, 2))) return 0;
        int at = 8;
        if (at < text.Length && text[at] is (byte)'.' or (byte)',')
        {
            at++;
            while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
        }

        if (at < text.Length && text[at] is (byte)'Z') return at + 1;
        if (at + 4 < text.Length && text[at] is (byte)'+' or (byte)'-')
        {
            at++;
            while (at < text.Length && text[at] is (>= (byte)'0' and <= (byte)'9') or (byte)':') at++;
        }

        return at;
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
