using System.Globalization;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What values of a sample type are.</summary>
public enum ProfileUnitKind : byte
{
    /// <summary>A number of things, or of something unknown.</summary>
    Count,
    Bytes,
    Time,
}

/// <summary>The units of sample types as profiles write them, and values in words.</summary>
public static class ProfileUnits
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <returns>And the factor to bytes or nanoseconds.</returns>
    public static (ProfileUnitKind Kind, double Factor) Of(string unit) => unit switch
    {
        "bytes" or "byte" or "B" or "b" => (ProfileUnitKind.Bytes, 1),
        "kilobytes" or "kilobyte" or "kb" or "kB" => (ProfileUnitKind.Bytes, 1 << 10),
        "megabytes" or "megabyte" or "mb" or "MB" => (ProfileUnitKind.Bytes, 1 << 20),
        "gigabytes" or "gigabyte" or "gb" or "GB" => (ProfileUnitKind.Bytes, 1 << 30),
        "nanoseconds" or "nanosecond" or "ns" => (ProfileUnitKind.Time, 1),
        "microseconds" or "microsecond" or "us" or "µs" or "μs" => (ProfileUnitKind.Time, 1e3),
        "milliseconds" or "millisecond" or "ms" => (ProfileUnitKind.Time, 1e6),
        "seconds" or "second" or "sec" or "s" => (ProfileUnitKind.Time, 1e9),
        _ => (ProfileUnitKind.Count, 1),
    };

    /// <summary><c>1.2 MiB</c>, <c>850 ns</c>, <c>1,234</c>; a unit that is unknown follows the number.</summary>
    public static string Words(double value, string unit)
    {
        (ProfileUnitKind kind, double factor) = Of(unit);
        return kind switch
        {
            ProfileUnitKind.Bytes => Bytes(value * factor),
            ProfileUnitKind.Time => Time(value * factor),
            _ when unit is "" or "count" => Number(value),
            _ => $"{Number(value)} {unit}",
        };
    }

    /// <summary><c>40.2%</c>; of nothing it is 0.</summary>
    public static string Percent(double value, double total) => string.Create(CultureInfo.InvariantCulture, $"{(total == 0 ? 0 : value / total * 100):0.0}%");

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##}");

    private static string Time(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0.##} ns"),
        < 999.5e3 => Digits(nanoseconds / 1e3, "µs"),
        < 999.5e6 => Digits(nanoseconds / 1e6, "ms"),
        _ => Digits(nanoseconds / 1e9, "s"),
    };

    private static string Bytes(double bytes)
    {
        int unit = 0;
        for (; Math.Abs(bytes) >= 999.5 && unit < ByteUnits.Length - 1; unit++) bytes /= 1024;
        return unit == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} B") : Digits(bytes, ByteUnits[unit]);
    }

    private static string Digits(double value, string unit) =>
        Math.Abs(value) < 99.95
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.00} {unit}")
            : string.Create(CultureInfo.InvariantCulture, $"{value:#,0.0} {unit}");
}
