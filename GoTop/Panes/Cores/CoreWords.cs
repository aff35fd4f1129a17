using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>How many cores the runtime thinks it has, how many it may use, and what follows from a difference.</summary>
internal static class CoreWords
{
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
            ($"GOMAXPROCS {(gomaxprocs.HasValue ? Figures.Count(gomaxprocs.Value) : "unknown")}, {allowedText}, {quotaText}", Tone.Normal),
            Verdict(gomaxprocs, set?.Count, quota.HasValue ? most : null),
            Throttling(now.Container),
        ];
    }

    private static (string Text, Tone Tone) Verdict(Reading<int> gomaxprocs, int? allowed, double? quota)
    {
        if (!gomaxprocs.TryGet(out int procs)) return ("Whether the runtime fits its cores cannot be told.", Tone.Dim);
        if (quota is { } cores && procs > Math.Ceiling(cores))
            return ("More Ps than the quota feeds: it is used up early, then all of them stand still.", Tone.Warning);
        if (allowed is { } count && procs > count)
            return ("More Ps than allowed cores: threads take turns, some while they hold a lock.", Tone.Warning);
        double may = Math.Min(allowed ?? double.PositiveInfinity, quota ?? double.PositiveInfinity);
        if (procs < Math.Floor(may) && !double.IsInfinity(may))
            return ($"Fewer Ps than cores it may use: {Figures.Cores(Math.Floor(may) - procs)} stay without Go code.", Tone.Accent);
        return double.IsInfinity(may) ? ("Neither allowed cores nor a quota are known.", Tone.Dim) : ("GOMAXPROCS fits the cores it may use.", Tone.Good);
    }

    private static (string Text, Tone Tone) Throttling(ContainerFigures container)
    {
        if (container.ThrottledPercent.TryGet(out double time))
        {
            string periods = container.ThrottledPeriodsPercent.TryGet(out double share) ? $", in {Figures.Percent(share)} of the periods" : "";
            return time > 0 ? ($"Throttled {Figures.Percent(time)} of the time{periods}.", time >= 5 ? Tone.Warning : Tone.Normal) : ("Not throttled.", Tone.Dim);
        }

        return ($"Throttling: {Figure.Of(container.ThrottledPercent, _ => "").Reason}", Tone.Dim);
    }
}
