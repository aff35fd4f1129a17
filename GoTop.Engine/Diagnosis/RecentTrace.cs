using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis;

/// <summary>The last execution trace as long as it still tells of now.</summary>
internal static class RecentTrace
{
    private const long Nanoseconds = 120_000_000_000;

    /// <summary>Null when there is none, or an old one alone.</summary>
    public static TraceReport? Of(Snapshot now) =>
        now.Facts.Trace.TryGet(out TraceBurst? burst) && now.MonotonicNanoseconds - burst.ReadAtNanoseconds <= Nanoseconds ? burst.Report : null;

    /// <summary><c>in a trace of 1.0 s</c>.</summary>
    public static string Source(TraceReport report) => $"in a trace of {Time(report.DurationNanoseconds)}";

    /// <summary><c>850 µs</c>, <c>21.0 ms</c>, <c>1.2 s</c>.</summary>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0} µs"),
        < 99.95e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.0} ms"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.0} s"),
    };
}
