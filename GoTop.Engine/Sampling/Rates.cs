using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Rates over the time between two readings of the same facts.</summary>
internal readonly struct Rates
{
    private const string NeedsTwo = "a rate needs two readings";
    private readonly double _seconds;

    private Rates(double seconds) => _seconds = seconds;

    public double Seconds => _seconds;

    /// <summary>Null when there is no earlier reading, or it is the same one.</summary>
    public static Rates? Between(long? earlierNanoseconds, long nowNanoseconds) =>
        earlierNanoseconds is { } earlier && nowNanoseconds > earlier ? new Rates((nowNanoseconds - earlier) / 1e9) : null;

    public static Reading<double> NotYet() => Reading.NotYet<double>(NeedsTwo);

    /// <summary>
    /// Growth of a cumulative counter per second. A counter that ran backwards (the source started anew) gives no rate.
    /// </summary>
    public Reading<double> PerSecond(Reading<long> earlier, Reading<long> now)
    {
        if (!now.HasValue) return now.Absent<double>();
        if (!earlier.HasValue || now.Value < earlier.Value) return NotYet();
        return Reading.From(now.State, (now.Value - earlier.Value) / _seconds, now.Reason);
    }

    /// <summary>Growth of a counter of nanoseconds as per cent of the time passed, shared by so many cores.</summary>
    public Reading<double> PercentOfTime(Reading<long> earlier, Reading<long> now, double cores = 1) =>
        PerSecond(earlier, now).Select(perSecond => perSecond / 1e9 / cores * 100);
}
