using System.Buffers;
using System.Globalization;

namespace GoTop.Engine.Config;

/// <summary>Durations as Go writes them: <c>500ms</c>, <c>1s</c>, <c>1m30s</c>, <c>1.5h</c>.</summary>
public static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        decimal ticks = 0;
        if (text.IsEmpty) return false;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept(Digits);
            if (digits is <= 0 or > 15) return false;
            if (!decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)) return false;
            text = text[digits..];
            int letters = text.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters];
            long scale = 0;
            foreach ((string name, long length) in Units)
            {
                if (unit.SequenceEqual(name)) scale = length;
            }

            if (scale == 0) return false;
            ticks += number * scale;
            if (ticks > TimeSpan.TicksPerDay * 365m) return false;
            text = text[unit.Length..];
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>In its largest whole unit: <c>90s</c>, <c>5m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach ((string name, long length) in Units.Reverse())
        {
            if (duration.Ticks >= length && duration.Ticks % length == 0) return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length}{name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
    }
}
