using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Says in plain words what stands out of a trace. Each matter is weighed by how far it is beyond what a sound program shows;
/// the three that weigh most are named.
/// </summary>
internal static class TraceVerdict
{
    private const int MostMatters = 3;

    // Where a figure begins to be worth a sentence.
    private const double NotableGcShare = 0.15, NotableAssistShare = 0.05, NotableStopShare = 0.01, NotableSyscallShare = 0.5, NotableContentionShare = 0.1, NotableBusyShare = 0.9;

    /// <summary>Of the time of all Ps: in a program that hardly runs, GC may well be most of what runs.</summary>
    private const double NotableGcOfPs = 0.05;

    private const long NotableStop = 10_000_000, NotableLatency = 10_000_000, NotableSyscall = 100_000_000;

    /// <summary>Reasons that mean a goroutine is held up by others, and does not merely wait for work or time.</summary>
    private static readonly ImmutableArray<string> Contention = ["sync", "chan send", "GC mark assist wait for work", "wait until GC ends", "GC weak to strong wait"];

    public static string Of(TraceReport report)
    {
        if (report.DurationNanoseconds <= 0 || report.Events == 0) return "The trace holds no time to judge by.";
        (double Weight, string Text)[] matters = [.. Matters(report).OfType<(double Weight, string Text)>().OrderByDescending(each => each.Weight).Take(MostMatters)];
        string use = Use(report);
        if (matters.Length == 0)
            return $"{use} Nothing stands out: goroutines waited {Time(report.SchedulingLatency.P50Nanoseconds)} to run at the median and {Time(report.SchedulingLatency.P99Nanoseconds)} at the 99th percentile, the world stood still for {Time(StopTotal(report))} in all.";
        return string.Join(' ', matters.Select(each => each.Text).Append(use));
    }

    private static (double Weight, string Text)?[] Matters(TraceReport report) => [Gc(report), Stops(report), Latency(report), Blocked(report), Syscalls(report)];

    private static string Use(TraceReport report)
    {
        long procs = Ps(report);
        double share = procs == 0 ? 0 : report.Procs.Total(proc => proc.RunningNanoseconds) / ((double)report.DurationNanoseconds * procs);
        return $"In {Time(report.DurationNanoseconds)} the {Count(procs, "P")} {(procs == 1 ? "was" : "were")} {Percent(share)} in use{(share >= NotableBusyShare ? ", which leaves no room" : "")}.";
    }

    private static long Ps(TraceReport report) => report.Gomaxprocs ?? report.Procs.Length;

    private static (double, string)? Gc(TraceReport report)
    {
        long used = report.Procs.Total(proc => proc.RunningNanoseconds), gc = report.Procs.Total(proc => proc.GcNanoseconds);
        DurationSummary marks = Find(report.Ranges, "GC concurrent mark phase"), assists = Find(report.Ranges, "GC mark assist");
        double gcShare = Share(gc, used), assistShare = Share(assists.TotalNanoseconds, used);
        double weight = Math.Max(gcShare / NotableGcShare, assistShare / NotableAssistShare);
        if (weight < 1 || Share(Math.Max(gc, assists.TotalNanoseconds), report.DurationNanoseconds * Ps(report)) < NotableGcOfPs) return null;
        string assist = assistShare < NotableAssistShare ? ""
            : $"; allocating goroutines had to help with it {Counted.Of(assists.Count, "time")} for {Time(assists.TotalNanoseconds)}";
        string heap = report.Heap is { MaxLiveBytes: { } live, LastGoalBytes: { } goal } ? $" (heap up to {Bytes(live)}, goal {Bytes(goal)} at the end)" : "";
        return (weight, $"GC took {Percent(gcShare)} of the CPU in use: {Count(marks.Count, "mark phase")} over {Percent(Share(marks.TotalNanoseconds, report.DurationNanoseconds))} of the time{assist}{heap}.");
    }

    private static (double, string)? Stops(TraceReport report)
    {
        if (report.StopTheWorld.IsEmpty) return null;
        long total = StopTotal(report);
        NamedDurations longest = report.StopTheWorld.MaxBy(each => each.Durations.MaxNanoseconds);
        double weight = Math.Max(Share(total, report.DurationNanoseconds) / NotableStopShare, longest.Durations.MaxNanoseconds / (double)NotableStop);
        return weight < 1 ? null
            : (weight, $"The world stood still {Count(report.StopTheWorld.Total(each => each.Durations.Count), "time")} for {Time(total)} in all, {Percent(Share(total, report.DurationNanoseconds))} of the time; longest {Time(longest.Durations.MaxNanoseconds)}, {longest.Name}.");
    }

    private static (double, string)? Latency(TraceReport report)
    {
        DurationSummary latency = report.SchedulingLatency;
        double weight = latency.P99Nanoseconds / (double)NotableLatency;
        if (weight < 1) return null;
        string worst = report.WorstSchedulingWaits.FirstOrDefault() is { } wait
            ? $"; the worst was {Time(wait.DurationNanoseconds)}, goroutine {wait.Goroutine}{(wait.StartFunction.Length > 0 ? " of " + wait.StartFunction : "")}" : "";
        return (weight, $"Goroutines that could run waited for a P: {Time(latency.P50Nanoseconds)} at the median, {Time(latency.P99Nanoseconds)} at the 99th percentile{worst}; for each second that goroutines ran they waited {Ratio(latency.TotalNanoseconds, report.Running.TotalNanoseconds)} s.");
    }

    private static (double, string)? Blocked(TraceReport report)
    {
        BlockedSite? site = report.BlockedSites.Where(each => Contention.Contains(each.Reason)).MaxBy(each => each.TotalNanoseconds);
        if (site is null) return null;
        double weight = Share(site.TotalNanoseconds, report.DurationNanoseconds) / NotableContentionShare;
        if (weight < 1) return null;
        CodeLocation? waker = site.WokenBy.Select(by => Place(by.Site)).FirstOrDefault(place => place is not null);
        return (weight, $"Goroutines were blocked {Time(site.TotalNanoseconds)} in all ({Counted.Of(site.Count, "time")}, longest {Time(site.MaxNanoseconds)}) on {site.Reason}{At(Place(site.Site))}{(waker is { } by ? ", mostly until " + by.Function + " let them go" : "")}.");
    }

    private static (double, string)? Syscalls(TraceReport report)
    {
        DurationSummary syscalls = report.Syscalls;
        double weight = Math.Max(Share(syscalls.TotalNanoseconds, report.Running.TotalNanoseconds) / NotableSyscallShare, syscalls.P99Nanoseconds / (double)NotableSyscall);
        if (weight < 1 || report.SyscallSites.IsEmpty) return null;
        SiteDurations site = report.SyscallSites[0];
        return (weight, $"System calls took {Time(syscalls.TotalNanoseconds)} in all ({syscalls.Count:#,0}, {Time(syscalls.P99Nanoseconds)} at the 99th percentile); most of it, {Time(site.TotalNanoseconds)}{At(Place(site.Site))}{Caller(site.Callers)}.");
    }

    private static string Caller(SiteCallers callers) => callers.Frames is [var caller, ..] ? $", called by {caller.Function} ({Path.GetFileName(caller.File.Replace('\\', '/'))}:{caller.Line}){(callers.HasOthers ? " and others" : "")}" : "";

    /// <summary>The program's own function of a place.</summary>
    private static CodeLocation? Place(ImmutableArray<CodeLocation> site) => site.IsDefaultOrEmpty ? null : site[^1];

    private static string At(CodeLocation? place) => place is { } at ? $" in {at.Function} ({Path.GetFileName(at.File.Replace('\\', '/'))}:{at.Line})" : "";

    private static long StopTotal(TraceReport report) => report.StopTheWorld.Total(each => each.Durations.TotalNanoseconds);

    private static DurationSummary Find(ImmutableArray<NamedDurations> all, string name) => all.FirstOrDefault(each => each.Name == name).Durations;

    private static double Share(long part, long whole) => whole <= 0 ? 0 : part / (double)whole;

    private static string Ratio(long part, long whole) => Share(part, whole).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string Count(long count, string what) => Counted.Of(count, what);

    private static string Bytes(long bytes) => (bytes / (double)(1 << 20)).ToString(bytes < 100 << 20 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + " MiB";

    private static string Time(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => $"{nanoseconds} ns",
        < 1_000_000 => (nanoseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " µs",
        < 1_000_000_000 => (nanoseconds / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        _ => (nanoseconds / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + " s",
    };
}
