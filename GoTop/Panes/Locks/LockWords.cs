using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>What the lists cover, what stands out in them, and why one is not there.</summary>
internal static class LockWords
{
    public static ProfileHead OfProfile(bool mutexes, ProfileSites sites, ProfileCapture capture)
    {
        string what = mutexes ? "Mutexes" : "Blocking";
        return new ProfileHead(sites.Waiting is { } waiting ? Figures.Invariant($"{what}: {waiting:0.0} goroutines waiting") : $"{what}: {Figures.Nanoseconds(sites.DelayNanoseconds)} of waiting")
        {
            TakenAt = capture.TakenAt,
            Covers = sites.Seconds is { } seconds ? $"average of {Figures.Age(seconds)} to" : "since the service started, to",
            Status = $"; in all {Figures.Counted(sites.Waits, "wait")}, {Figures.Nanoseconds(sites.DelayNanoseconds)}",
            Verdict = sites.Most is { } most ? Most(mutexes, most) : "",
        };
    }

    public static ProfileHead OfWaits(ImmutableArray<WaitPlace> places, Snapshot now)
    {
        WaitPlace? most = places.FirstOrDefault(place => place.Class == WaitClass.Lock);
        return new ProfileHead($"{Figures.Counted(Number(WaitClass.Lock), "goroutine waits", "goroutines wait")} for locks")
        {
            TakenAt = now.Time,
            Covers = $"{Sum(WaitClass.Send)} to send, {Sum(WaitClass.Receive)} to receive, at",
            Verdict = most is null ? "" : $"{Figures.Count(most.Count)} wait in {OwnLines.Place(most.Where.Function, most.Where.File, most.Where.Line)}: {most.Reason}{OnOne(most)}; Go does not note who holds a lock",
        };

        string Sum(WaitClass kind) => Figures.Count(Number(kind));

        long Number(WaitClass kind) => places.Where(place => place.Class == kind).Sum(place => (long)place.Count);
    }

    public static ProfileHead OfTrace(TraceReport report, DateTimeOffset takenAt)
    {
        BlockedSite? most = report.BlockedSites.FirstOrDefault(site => WaitPlaces.ClassOf(site.Reason) is WaitClass.Lock or WaitClass.Send);
        return new ProfileHead($"Blocked in a trace of {Figures.Nanoseconds(report.DurationNanoseconds)}")
        {
            TakenAt = takenAt,
            Covers = $"{Figures.Counted(report.Blocked.Sum(blocked => blocked.Durations.Count), "wait")}, at",
            Verdict = most is null ? "" : $"Longest for a lock or a send: {Place(TraceRows.Place(most.Site))}, {most.Reason}: {Figures.Nanoseconds(most.TotalNanoseconds)}{WokenBy(most)}",
        };
    }

    /// <summary>An empty profile does not tell whether it is switched off or nobody waited.</summary>
    public static string IsEmpty(bool mutexes) => mutexes
        ? "The mutex profile is empty: the service has not called runtime.SetMutexProfileFraction, or nobody has waited for a mutex since. From memory instead:"
        : "The block profile is empty: the service has not called runtime.SetBlockProfileRate, or nothing has blocked since. From memory instead:";

    public static string IsMissing(bool mutexes, ReadingState state, string? reason) =>
        $"No {(mutexes ? "mutex" : "block")} profile: {Figure.Why(state, reason)}. From memory instead:";

    public const string NoTrace = "No trace has been taken yet: the Scheduler pane takes one. From memory instead:";

    private static string Most(bool mutexes, LockSite most)
    {
        string mean = most.MeanNanoseconds is { } nanoseconds ? $", {Figures.Nanoseconds(nanoseconds)} each" : "";
        string waiting = most.Waiting is { } now ? Figures.Invariant($", {now:0.0} waiting") : "";
        string place = OwnLines.Place(most.Site.Function, most.Site.File, most.Site.Line);
        return mutexes ? $"Most wait until {place} lets go{waiting}{mean}" : $"Most wait in {place}, {Drawing.WithoutImportPath(most.Site.Called)}{waiting}{mean}";
    }

    private static string OnOne(WaitPlace place) => place.On is { IsDefault: false, Length: 1 } ? $", all on one {WaitRows.Describe(place.On[0].What)}" : "";

    private static string WokenBy(BlockedSite site) =>
        site.WokenBy is [{ Site.IsDefaultOrEmpty: false } waker, ..] ? $"; woken mostly by {Place(TraceRows.Place(waker.Site))}" : "";

    private static string Place(CodeLocation place) => OwnLines.Place(place.Function, place.File, place.Line);
}
