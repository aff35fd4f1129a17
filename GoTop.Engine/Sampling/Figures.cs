using System.Globalization;
using System.Runtime.CompilerServices;

namespace GoTop.Engine.Sampling;

/// <summary>How numbers are written, on the screen and in messages: short, with their unit, in three digits or so.</summary>
public static class Figures
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] CountUnits = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary><c>512 B</c>, <c>1.2 GiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        (double value, int unit) = Scale(bytes, 1024, ByteUnits.Length);
        return unit == 0 ? Invariant($"{bytes:0} B") : Invariant($"{Digits(value)} {ByteUnits[unit]}");
    }

    public static string Bytes(long bytes) => Bytes((double)bytes);

    /// <summary><c>1.2 MiB/s</c>.</summary>
    public static string BytesPerSecond(double rate) => Bytes(rate) + "/s";

    /// <summary><c>12,345</c>, from a million on <c>1.2 M</c>.</summary>
    public static string Count(double count)
    {
        if (Math.Abs(count) < 999_999.5) return Invariant($"{count:#,0}");
        (double value, int unit) = Scale(count, 1000, CountUnits.Length);
        return Invariant($"{Digits(value)} {CountUnits[unit]}");
    }

    public static string Count(long count) => Count((double)count);

    public static string Count(int count) => Count((double)count);

    /// <summary><c>1 sample</c>, <c>12,345 samples</c>, <c>1.2 M samples</c>.</summary>
    /// <inheritdoc cref="Engine.Model.Counted.Of"/>
    public static string Counted(long count, string one, string? many = null) => $"{Count(count)} {Engine.Model.Counted.Noun(count, one, many)}";

    /// <summary><c>+1,234</c>, <c>-5</c>, <c>0</c>.</summary>
    public static string Change(double change) => change >= 0.5 ? "+" + Count(change) : Count(change);

    /// <summary><c>0.8/s</c>, <c>12.3/s</c>, <c>4,512/s</c>.</summary>
    public static string PerSecond(double rate) =>
        rate == 0 ? "0/s" : Math.Abs(rate) < 99.95 ? Invariant($"{rate:0.0}/s") : Count(rate) + "/s";

    /// <summary><c>+12.3/s</c>, <c>-0.5/s</c>, <c>0/s</c>.</summary>
    public static string ChangePerSecond(double rate) => rate >= 0.05 ? "+" + PerSecond(rate) : rate > -0.05 ? "0/s" : PerSecond(rate);

    /// <summary><c>3.4%</c>, <c>412%</c>.</summary>
    public static string Percent(double percent) =>
        Math.Abs(percent) < 99.95 ? Invariant($"{percent:0.0}%") : Invariant($"{percent:#,0}%");

    /// <summary><c>850 ns</c>, <c>91.0 ms</c>, from a minute on an age.</summary>
    public static string Nanoseconds(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        < 999.5 => Invariant($"{nanoseconds:0} ns"),
        < 999.5e3 => Invariant($"{Digits(nanoseconds / 1e3)} µs"),
        < 999.5e6 => Invariant($"{Digits(nanoseconds / 1e6)} ms"),
        < 60e9 => Invariant($"{Digits(nanoseconds / 1e9)} s"),
        _ => Age(nanoseconds / 1e9),
    };

    public static string Nanoseconds(long nanoseconds) => Nanoseconds((double)nanoseconds);

    /// <summary><c>0.4s</c>, <c>45s</c>, <c>3m12s</c>, <c>2h05m</c>, <c>3d04h</c>.</summary>
    public static string Age(double seconds)
    {
        if (seconds < 0.95) return Invariant($"{Math.Max(0, seconds):0.0}s");
        long whole = (long)Math.Min(seconds + (seconds < 60 ? 0.5 : 0), 1e12);
        return whole switch
        {
            < 60 => Invariant($"{whole}s"),
            < 3600 => Invariant($"{whole / 60}m{whole % 60:00}s"),
            < 86_400 => Invariant($"{whole / 3600}h{whole / 60 % 60:00}m"),
            _ => Invariant($"{whole / 86_400}d{whole / 3600 % 24:00}h"),
        };
    }

    /// <summary><c>12:00:15</c>, in the offset that the moment carries.</summary>
    public static string Clock(DateTimeOffset moment) => moment.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-23 12:00</c>.</summary>
    public static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>2.5</c>, <c>8</c>: for cores.</summary>
    public static string Cores(double cores) => Invariant($"{cores:0.##}");

    /// <summary><c>12,345</c>, <c>0.0042</c>: a number whose unit is not known here.</summary>
    public static string Plain(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 and < 1e15 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 0.01 and < 100 => value.ToString("0.0##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
    };

    public static string Of(Unit unit, double value) => unit switch
    {
        Unit.Percent => Percent(value),
        Unit.Bytes => Bytes(value),
        Unit.BytesPerSecond => BytesPerSecond(value),
        Unit.PerSecond => PerSecond(value),
        Unit.Nanoseconds => Nanoseconds(value),
        _ => Count(value),
    };

    /// <summary>Text in the invariant culture.</summary>
    public static string Invariant(ref DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);

    private static string Digits(double value) =>
        Math.Abs(value) < 99.95 ? value.ToString("0.0", CultureInfo.InvariantCulture) : value.ToString("0", CultureInfo.InvariantCulture);

    private static (double Value, int Unit) Scale(double value, double step, int units)
    {
        int unit = 0;
        // Rounds up to the next unit already where three digits would become four.
        while (Math.Abs(value) >= 999.5 && unit < units - 1)
        {
            value /= step;
            unit++;
        }

        return (value, unit);
    }
}
