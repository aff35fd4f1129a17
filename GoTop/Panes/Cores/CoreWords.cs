using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>How many cores the runtime thinks it has, how many it may use, and what follows from a difference.</summary>
internal static class CoreWords
{
    /// <summary>From this minor version on the runtime follows affinity and quota by itself.</summary>
    private const int FollowsSinceMinor = 25;

    public static ImmutableArray<(string Text, Tone Tone)> Of(Snapshot now)
    {
        Reading<int> gomaxprocs = now.Go.Counters.Gomaxprocs;
        Reading<CoreSet> allowed = now.Process.AllowedCores;
        Reading<double> quota = now.Container.CpuQuotaCores;
        int? online = now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores) ? cores.Length : null;
        string allowedText = allowed.TryGet(out CoreSet? set)
            ? online is { } all ? $"allowed cores {set} ({set.Count} of {all})" : $"allowed cores {set}"
            : "allowed cores unknown";
        string quotaText = quota.TryGet(out double most) ? $"quota {Figures.Cores(most)} cores" : "no CPU quota known";
        return
        [
            ($"GOMAXPROCS {(gomaxprocs.HasValue ? Figures.Count(gomaxprocs.Value) : "unknown")}, {allowedText}{ThreadsElsewhere(now, set)}, {quotaText}", Tone.Normal),
            Verdict(now, gomaxprocs, set?.Count, quota.HasValue ? most : null),
            Throttling(now.Container),
        ];
    }

    private static (string Text, Tone Tone) Verdict(Snapshot now, Reading<int> gomaxprocs, int? allowed, double? quota)
    {
        if (!gomaxprocs.TryGet(out int procs)) return ("Whether the runtime fits its cores cannot be told.", Tone.Dim);
        if (quota is { } cores && procs > Math.Ceiling(cores) && (allowed is null || cores <= allowed))
            return ($"More Ps than the quota feeds ({procs} and {Figures.Cores(cores)}): it is used up early, then all of them stand still.{Why(now)}", Tone.Warning);
        if (allowed is { } count && procs > count)
            return ($"More Ps than allowed cores ({procs} and {count}): threads take turns, some while they hold a lock.{Why(now)}", Tone.Warning);
        double may = Math.Min(allowed ?? double.PositiveInfinity, quota ?? double.PositiveInfinity);
        if (procs < Math.Floor(may) && !double.IsInfinity(may))
            return ($"Fewer Ps than cores it may use: {Figures.Cores(Math.Floor(may) - procs)} stay without Go code.{Why(now)}", Tone.Accent);
        return double.IsInfinity(may) ? ("Neither allowed cores nor a quota are known.", Tone.Dim) : ("GOMAXPROCS fits the cores it may use.", Tone.Good);
    }

    /// <summary>Affinity belongs to a thread: a pin of one alone, or of all but the new ones, looks done and is not.</summary>
    private static string ThreadsElsewhere(Snapshot now, CoreSet? allowed)
    {
        if (allowed is null || !now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads)) return "";
        int others = threads.Count(thread => thread.AllowedCores.TryGet(out CoreSet? own) && !own.Equals(allowed));
        return others == 0 ? "" : $", {Figures.Count(others)} of {Figures.Counted(threads.Length, "thread")} {(others == 1 ? "has" : "have")} others";
    }

    /// <summary>Why the runtime has not adjusted itself; empty when its version is not known.</summary>
    private static string Why(Snapshot now)
    {
        if (!now.Go.Counters.GoVersion.TryGet(out string? version) || Minor(version) is not { } minor) return "";
        return minor < FollowsSinceMinor
            ? Figures.Invariant($" Go 1.{minor} counts its cores once, when it starts.")
            : " It was set by hand, or go.mod asks for a Go before 1.25: else the runtime would follow.";
    }

    /// <summary>25 of <c>go1.25.1</c>.</summary>
    private static int? Minor(string version)
    {
        const string Prefix = "go1.";
        if (!version.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        ReadOnlySpan<char> rest = version.AsSpan(Prefix.Length);
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? minor : null;
    }

    private static (string Text, Tone Tone) Throttling(ContainerFigures container)
    {
        if (container.ThrottledPercent.TryGet(out double time))
        {
            string periods = container.ThrottledPeriodsPercent.TryGet(out double share) ? $" in {Figures.Percent(share)} of the periods" : "";
            return time > 0 ? ($"Throttled{periods}: {Figures.Percent(time)} of a core's time was withheld.", time >= 5 ? Tone.Warning : Tone.Normal) : ("Not throttled.", Tone.Dim);
        }

        return ($"Throttling: {Figure.Of(container.ThrottledPercent, _ => "").Reason}", Tone.Dim);
    }
}
