using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>How it stands with traces: whether there is one and how old, what is under way or held back, and what they cost.</summary>
/// <param name="Progress">0–1 while one is taken, null otherwise.</param>
/// <param name="Cycle">Whether they are taken by themselves; or how old the one shown is, where <paramref name="Text"/> tells of another.</param>
/// <param name="Cost">Of the next one and the last one.</param>
public sealed record TraceStatus(string Text, Tone Tone, double? Progress, string Cycle, string Cost)
{
    /// <summary>An older trace may say nothing of now.</summary>
    private const double RecentSeconds = 120;

    internal static TraceStatus Of(PaneInput input, Observation observation)
    {
        Snapshot now = observation.Now;
        DearRequests requests = now.Facts.DearRequests.ValueOr(null) ?? DearRequests.None;
        TraceBurst? burst = now.Facts.Trace.ValueOr(null);
        (string text, Tone tone) = State(input, now, requests, burst);
        bool tellsAge = burst is not null && (requests.Running is not null || requests.HeldBack is not null || now.Facts.Trace.State != ReadingState.Present);
        string cycle = tellsAge ? $"shown: {Figures.Age(AgeSeconds(burst!, now))} old" : CycleOf(requests);
        return new TraceStatus(text, tone, ProgressOf(requests), cycle, Missing(now) is null ? CostOf(input.TraceWish, burst) : "");
    }

    /// <summary>Why no trace can be had; null when one can.</summary>
    internal static string? Missing(Snapshot now)
    {
        Reading<TraceBurst> trace = now.Facts.Trace;
        if (trace.State is ReadingState.NotSupported or ReadingState.Denied) return Figure.Why(trace.State, trace.Reason);
        // Where no source said anything yet, what is known of pprof decides.
        return trace.State == ReadingState.NotYet && now.Target.PprofUrl.State is ReadingState.NotSupported or ReadingState.Denied or ReadingState.Failed
            ? $"they come from pprof, and {now.Target.PprofUrl.Reason}"
            : null;
    }

    internal static double AgeSeconds(TraceBurst burst, Snapshot now) => Math.Max(0, (now.MonotonicNanoseconds - burst.ReadAtNanoseconds) / 1e9);

    private static (string Text, Tone Tone) State(PaneInput input, Snapshot now, DearRequests requests, TraceBurst? burst)
    {
        if (requests.Running is { } running)
            return ($"Under way: {running}, {Figures.Age(requests.RunningSeconds)}{(requests.RunningBytes > 0 ? $", {Figures.Bytes(requests.RunningBytes)}" : "")}", Tone.Accent);
        if (requests.HeldBack is { } held) return ($"Not taken: {held}. ! takes it all the same.", Tone.Warning);
        if (now.Facts.Trace.State == ReadingState.Failed) return ($"The trace failed: {now.Facts.Trace.Reason}", Tone.Critical);
        if (now.Facts.Trace.State == ReadingState.Stale) return ($"No newer trace: {now.Facts.Trace.Reason}", Tone.Warning);
        if (burst is not null) return Taken(burst, now);
        return Missing(now) is { } missing
            ? ($"No traces: {missing}", Tone.Dim)
            : ($"No trace yet: t takes one of {input.TraceWish.Seconds} s. Below is what memory tells.", Tone.Accent);
    }

    private static (string Text, Tone Tone) Taken(TraceBurst burst, Snapshot now)
    {
        double age = AgeSeconds(burst, now);
        string text = $"Trace of {Figures.Nanoseconds(burst.Report.DurationNanoseconds)}, taken {Figures.Age(age)} ago";
        if (burst.Report.EndedEarly is { } early) return ($"{text}, cut short: {early}", Tone.Warning);
        return age > RecentSeconds ? ($"{text}: old", Tone.Warning) : (text, Tone.Good);
    }

    private static double? ProgressOf(DearRequests requests) => requests is { Running: not null, PlannedSeconds: > 0 }
        ? Math.Clamp(requests.RunningSeconds / requests.PlannedSeconds, 0, 1)
        : null;

    private static string CycleOf(DearRequests requests)
    {
        if (requests.TraceEverySeconds <= 0) return "only when asked (E)";
        string every = $"every {Figures.Age(requests.TraceEverySeconds)} (E)";
        return requests.NextTraceSeconds is { } next ? $"{every}, next in {Figures.Age(next)}" : every;
    }

    private static string CostOf(TraceWish wish, TraceBurst? burst)
    {
        string next = $"t takes a trace of {wish.Seconds} s (+ -), at 3–13 % of throughput meanwhile";
        return burst is null ? next : $"{next}; last {Figures.Bytes(burst.Bytes)} in {Figures.Nanoseconds(burst.TookMilliseconds * 1e6)}";
    }
}
