using System.Globalization;

namespace GoTop.Bench.Measure;

/// <summary>The most resident memory that this process has from one point on.</summary>
internal readonly struct PeakMemory
{
    private readonly double _before;

    private PeakMemory(double before) => _before = before;

    public static PeakMemory Begin()
    {
        // Forgets the highest mark until now: proc(5), clear_refs.
        File.WriteAllText("/proc/self/clear_refs", "5");
        return new PeakMemory(Bytes("VmRSS:"));
    }

    /// <summary>Beyond what there was at the beginning.</summary>
    public double PeakBytes() => Bytes("VmHWM:") - _before;

    private static double Bytes(string key)
    {
        string line = File.ReadLines("/proc/self/status").First(each => each.StartsWith(key, StringComparison.Ordinal));
        return 1024.0 * long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
