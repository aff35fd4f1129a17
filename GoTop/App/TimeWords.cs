using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GoTop.App;

/// <summary>Times as typed after <c>:at</c>.</summary>
public static class TimeWords
{
    /// <summary>
    /// Reads <c>90s ago</c>, <c>3m ago</c>, <c>1h ago</c>, <c>3m</c>, <c>-3m</c>, and a time of day, <c>12:31</c> or
    /// <c>12:31:05</c>, which is the last such moment that is not after now.
    /// </summary>
    public static bool TryParse(string text, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset time, [NotNullWhen(false)] out string? problem)
    {
        string words = text.Trim();
        if (words.EndsWith("ago", StringComparison.OrdinalIgnoreCase)) words = words[..^3].TrimEnd();
        words = words.TrimStart('-');
        problem = null;
        if (TrySpan(words, out TimeSpan span))
        {
            time = now - span;
            return true;
        }

        if (TimeOnly.TryParseExact(words, ["H:mm", "H:mm:ss", "H:mm:ss.FFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly clock))
        {
            DateTimeOffset here = TimeZoneInfo.ConvertTime(now, zone);
            DateTime day = here.Date + clock.ToTimeSpan();
            if (day > here.DateTime) day -= TimeSpan.FromDays(1);
            time = new DateTimeOffset(day, zone.GetUtcOffset(day));
            return true;
        }

        time = default;
        problem = $"\"{text.Trim()}\" is not a time; write 90s ago, 3m ago or 12:31:05";
        return false;
    }

    private static bool TrySpan(string words, out TimeSpan span)
    {
        span = default;
        if (words.Length < 2) return false;
        double unit = char.ToLowerInvariant(words[^1]) switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (unit == 0 || !double.TryParse(words[..^1].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)) return false;
        if (count * unit > TimeSpan.FromDays(7).TotalSeconds) return false;
        span = TimeSpan.FromSeconds(count * unit);
        return true;
    }
}
