using System.Globalization;
using GoTop.Engine.Config;

namespace GoTop.Engine.Sampling;

/// <summary>A value of a figure as a person writes it, with the unit that the figure has: <c>85%</c>, <c>1.5 GiB</c>, <c>50ms</c>, <c>200/s</c>.</summary>
public static class FigureValue
{
    private static readonly (string Name, double Size)[] ByteUnits =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    private static readonly (string Name, double Size)[] CountUnits = [("k", 1e3), ("M", 1e6), ("G", 1e9)];

    /// <summary>Examples for a message.</summary>
    public static string Wanted(Unit unit) => unit switch
    {
        Unit.Percent => "a percentage such as 85 or \"85%\"",
        Unit.Bytes => "an amount such as \"1.5 GiB\"",
        Unit.BytesPerSecond => "a rate such as \"20 MiB/s\"",
        Unit.PerSecond => "a rate such as 200 or \"200/s\"",
        Unit.Nanoseconds => "a time such as \"50ms\"",
        _ => "a number such as 10000",
    };

    public static bool TryParse(string text, Unit unit, out double value)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        switch (unit)
        {
            case Unit.Percent:
                return Number(rest.EndsWith("%") ? rest[..^1] : rest, [], out value);
            case Unit.Bytes:
                return Number(rest, ByteUnits, out value);
            case Unit.BytesPerSecond:
                return Number(PerSecond(rest), ByteUnits, out value);
            case Unit.PerSecond:
                return Number(PerSecond(rest), CountUnits, out value);
            case Unit.Nanoseconds:
                bool isTime = DurationText.TryParse(rest, out TimeSpan time);
                value = time.TotalNanoseconds;
                return isTime || Number(rest, [("ns", 1), ("us", 1e3), ("µs", 1e3)], out value);
            default:
                return Number(rest, CountUnits, out value);
        }
    }

    private static ReadOnlySpan<char> PerSecond(ReadOnlySpan<char> text) => text.EndsWith("/s") ? text[..^2] : text;

    private static bool Number(ReadOnlySpan<char> text, ReadOnlySpan<(string Name, double Size)> units, out double value)
    {
        double size = 1;
        foreach ((string name, double one) in units)
        {
            if (!text.EndsWith(name)) continue;
            text = text[..^name.Length];
            size = one;
            break;
        }

        bool isNumber = double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        value *= size;
        return isNumber;
    }
}
