using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>One question of an incident, whether this is it, and where.</summary>
public readonly record struct TraceAnswer(string Subject, string YesOrNo, Tone Tone, string Text)
{
    internal static ImmutableArray<TraceAnswer> Of(TraceSymptoms symptoms) =>
    [
        Of("scheduler", symptoms.Scheduler.Severity, Scheduler(symptoms.Scheduler)),
        Of("GC", symptoms.Gc.Severity, Gc(symptoms.Gc)),
        Of("blocking", symptoms.Queue.Severity, Queue(symptoms.Queue)),
        Of("syscalls", symptoms.Syscalls.Severity, Syscalls(symptoms.Syscalls)),
    ];

    private static TraceAnswer Of(string subject, Severity? severity, string text) => severity switch
    {
        Severity.Critical => new TraceAnswer(subject, "YES", Tone.Critical, text),
        null => new TraceAnswer(subject, "no", Tone.Good, text),
        _ => new TraceAnswer(subject, "yes", Tone.Warning, text),
    };

    private static string Scheduler(SchedulerSymptom symptom)
    {
        DurationSummary latency = symptom.Latency;
        if (latency.Count == 0) return "no goroutine waited to run";
        string text = $"p99 {Figures.Nanoseconds(latency.P99Nanoseconds)}, longest {Figures.Nanoseconds(latency.MaxNanoseconds)} of {Figures.Counted(latency.Count, "wait")} to run; Ps {Figures.Percent(symptom.Busy * 100)} busy";
        return symptom is { Severity: not null, Worst: { StartFunction.Length: > 0 } worst }
            ? $"{text}; the longest: {Drawing.WithoutImportPath(worst.StartFunction)} after {worst.Reason}"
            : text;
    }

    private static string Gc(GcSymptom symptom)
    {
        string stops = symptom.Stops == 0
            ? "the world never stopped"
            : $"longest stop {Figures.Nanoseconds(symptom.LongestStopNanoseconds)} ({StopWords.Kind(symptom.LongestStop)}) of {Figures.Count(symptom.Stops)}, {Figures.Nanoseconds(symptom.StoppedNanoseconds)} in all";
        string text = $"{Figures.Percent(symptom.Share * 100)} of the Ps' time; {stops}; {Figures.Counted(symptom.Cycles, "cycle")}";
        return symptom.Assists >= 0.01 ? $"{text}; assists {Figures.Percent(symptom.Assists * 100)}" : text;
    }

    private static string Queue(QueueSymptom symptom) => symptom.Site is { } site
        ? $"{SiteWords.Of(site.Site)} [{site.Reason}]: {Figures.Counted(site.Count, "wait")}, {Figures.Nanoseconds(site.TotalNanoseconds)} in all, longest {Figures.Nanoseconds(site.MaxNanoseconds)}; {Figures.Invariant($"{symptom.Waiting:0.0}")} goroutines on average"
        : "nobody waited for a lock or in a channel send";

    private static string Syscalls(SyscallSymptom symptom) => symptom.Site is { } site
        ? $"{SiteWords.Of(site.Site)}{(SiteWords.CalledBy(site.Callers) is { Length: > 0 } caller ? $", {caller}" : "")}: {Figures.Counted(site.Count, "call")}, {Figures.Nanoseconds(site.TotalNanoseconds)} in all, longest {Figures.Nanoseconds(site.MaxNanoseconds)}; {Figures.Invariant($"{symptom.Threads:0.0}")} threads on average"
        : "none";
}

internal static class StopWords
{
    private const string Prefix = "stop-the-world (";

    /// <summary><c>stop-the-world (GC mark termination)</c> → <c>GC mark termination</c>.</summary>
    public static string Kind(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(')') ? name[Prefix.Length..^1] : name;
}
