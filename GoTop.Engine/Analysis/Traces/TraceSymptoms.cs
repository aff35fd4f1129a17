using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// What a trace says to the four questions of an incident: do goroutines wait for Ps, does GC take the time, do they queue
/// for one another, do threads sit in system calls? Each with the place. Pure.
/// </summary>
public sealed record TraceSymptoms(SchedulerSymptom Scheduler, GcSymptom Gc, QueueSymptom Queue, SyscallSymptom Syscalls)
{
    private const double Milliseconds = 1e6;

    /// <summary>Waits at one place that are no chance.</summary>
    private const int Waits = 10;

    public static TraceSymptoms Of(TraceReport report) => new(OfScheduler(report), OfGc(report), OfQueue(report), OfSyscalls(report));

    /// <summary>A stop that the tracing itself made is no trouble of the program's.</summary>
    public static bool IsOwn(string stop) => stop.Contains("start trace", StringComparison.Ordinal);

    private static SchedulerSymptom OfScheduler(TraceReport report)
    {
        DurationSummary latency = report.SchedulingLatency;
        Severity? severity = latency.P99Nanoseconds >= 100 * Milliseconds ? Severity.Critical
            : latency.P99Nanoseconds >= 10 * Milliseconds || latency.MaxNanoseconds >= 100 * Milliseconds ? Severity.Warning
            : null;
        return new SchedulerSymptom(severity, latency, Share(report, proc => proc.RunningNanoseconds), report.WorstSchedulingWaits.FirstOrDefault());
    }

    private static GcSymptom OfGc(TraceReport report)
    {
        long stops = 0, stopped = 0;
        NamedDurations longest = default;
        foreach (NamedDurations kind in report.StopTheWorld)
        {
            if (IsOwn(kind.Name)) continue;
            stops += kind.Durations.Count;
            stopped += kind.Durations.TotalNanoseconds;
            if (longest.Name is null || kind.Durations.MaxNanoseconds > longest.Durations.MaxNanoseconds) longest = kind;
        }

        double share = Share(report, proc => proc.GcNanoseconds), assists = Time(report, "GC mark assist") / Capacity(report);
        long max = longest.Durations.MaxNanoseconds;
        Severity? severity = share >= 0.5 || max >= 100 * Milliseconds ? Severity.Critical
            : share >= 0.25 || assists >= 0.05 || max >= 10 * Milliseconds ? Severity.Warning
            : null;
        long cycles = report.Ranges.FirstOrDefault(range => range.Name == "GC concurrent mark phase").Durations.Count;
        return new GcSymptom(severity, share, assists, cycles, stops, stopped, longest.Name ?? "", max);
    }

    private static QueueSymptom OfQueue(TraceReport report)
    {
        BlockedSite? site = report.BlockedSites.Where(IsQueue).MaxBy(candidate => candidate.TotalNanoseconds);
        double waiting = site is null ? 0 : site.TotalNanoseconds / Length(report);
        Severity? severity = site is null || site.Count < Waits ? null : waiting >= 20 ? Severity.Critical : waiting >= 2 ? Severity.Warning : null;
        return new QueueSymptom(severity, site, waiting);
    }

    private static SyscallSymptom OfSyscalls(TraceReport report)
    {
        SiteDurations? site = report.SyscallSites.MaxBy(candidate => candidate.TotalNanoseconds);
        double threads = site is null ? 0 : site.TotalNanoseconds / Length(report);
        bool isSlow = site is not null && site.Count > 1 && site.TotalNanoseconds / site.Count >= Milliseconds;
        return new SyscallSymptom(isSlow && threads >= 0.5 ? Severity.Warning : null, site, threads);
    }

    /// <summary>
    /// Blocked on a lock or on a channel that nobody takes from fast enough. Go gives <c>sync</c> as the reason of waits for a
    /// WaitGroup as well, where waiting is the point; the place tells them apart.
    /// </summary>
    private static bool IsQueue(BlockedSite site) =>
        site.Reason == "chan send" || (site.Reason == "sync" && !site.Site.Any(frame => frame.Function.Contains("sync.(*WaitGroup)", StringComparison.Ordinal)));

    /// <summary>Of the time of all Ps, 0–1.</summary>
    private static double Share(TraceReport report, Func<ProcTime, long> part) => report.Procs.Total(part) / Capacity(report);

    private static double Capacity(TraceReport report) => Length(report) * Math.Max(1, report.Gomaxprocs ?? report.Procs.Length);

    private static double Length(TraceReport report) => Math.Max(1, report.DurationNanoseconds);

    private static long Time(TraceReport report, string range) => report.Ranges.FirstOrDefault(each => each.Name == range).Durations.TotalNanoseconds;
}

/// <param name="Severity">Null when it is no trouble; likewise below.</param>
/// <param name="Busy">How much of the Ps' time was in use, 0–1.</param>
/// <param name="Worst">Null when no goroutine waited.</param>
public sealed record SchedulerSymptom(Severity? Severity, DurationSummary Latency, double Busy, SchedulingWait? Worst);

/// <param name="Share">Of the Ps' time, 0–1; likewise that of <paramref name="Assists"/>, which goroutines that allocate do.</param>
/// <param name="Stops">Of the world, for whatever reason but the tracing.</param>
public sealed record GcSymptom(
    Severity? Severity, double Share, double Assists, long Cycles, long Stops, long StoppedNanoseconds, string LongestStop, long LongestStopNanoseconds);

/// <param name="Site">Where most time was spent waiting for a lock or in a channel send; null when nowhere.</param>
/// <param name="Waiting">Goroutines that stood there, on average.</param>
public sealed record QueueSymptom(Severity? Severity, BlockedSite? Site, double Waiting);

/// <param name="Site">Whose calls took longest in all; null when there were none.</param>
/// <param name="Threads">Threads that were in them, on average.</param>
public sealed record SyscallSymptom(Severity? Severity, SiteDurations? Site, double Threads);
