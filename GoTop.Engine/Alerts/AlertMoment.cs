using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts;

/// <summary>One look at one target: what was observed of it, or that it is not there.</summary>
public sealed record AlertMoment
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>On a clock that never jumps: what durations are measured with.</summary>
    public required long MonotonicNanoseconds { get; init; }

    /// <summary>Null while the target is not there.</summary>
    public Observation? Observation { get; init; }

    /// <summary>Why it is not there.</summary>
    public string? Absence { get; init; }

    /// <summary>A person stopped it on purpose: that it is not there is no trouble.</summary>
    public bool WasStoppedOnPurpose { get; init; }

    /// <summary>How it stands with its watchdog; null when it has none, and in a recording.</summary>
    public WatchdogStanding? Watchdog { get; init; }

    public static AlertMoment Of(Observation observation) => new()
    {
        Time = observation.Now.Time,
        MonotonicNanoseconds = observation.Now.MonotonicNanoseconds,
        Observation = observation,
    };

    /// <summary>A figure of this moment. A stale one counts as absent: it would hold a condition up that may be over.</summary>
    public Reading<double> Read(NamedFigure figure)
    {
        if (Observation is null) return Reading.NotYet<double>(Absence ?? "the target is not there");
        Reading<double> reading = figure.Select(Observation.Now);
        return reading is { State: ReadingState.Stale } or { HasValue: true, Value: double.NaN }
            ? Reading.NotYet<double>(reading.Reason ?? "the value is no number")
            : reading;
    }
}
