using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Cpu;

/// <summary>What a CPU profile covers, and what stands out in it.</summary>
internal static class CpuWords
{
    public static ProfileHead Head(Snapshot now, ShownProfile shown)
    {
        AnalysedProfile profile = shown.Unfiltered;
        double cpuSeconds = profile.Totals(shown.Type).Sum / 1e9, seconds = shown.Seconds;
        int counts = profile.TypeOf("samples");
        long samples = counts >= 0 ? profile.Totals(counts).Sum : profile.Totals(shown.Type).Samples;
        string load = seconds > 0 ? $", {Figures.Percent(cpuSeconds / seconds * 100)} CPU" : "";
        string then = shown is { IsMarked: true, Then: { Seconds: > 0 } before } ? $" (was {Figures.Cores(before.Profile.Totals(before.Type).Sum * shown.ThenScale / 1e9)})" : "";
        return new ProfileHead(seconds > 0 ? $"CPU {Figures.Cores(cpuSeconds / seconds)} cores{then}" : $"CPU {Figures.Nanoseconds(cpuSeconds * 1e9)}")
        {
            TakenAt = shown.Capture.TakenAt,
            Covers = seconds > 0 ? Figures.Invariant($"{seconds:0.0} s at") : "profile of",
            Status = $", {Figures.Counted(samples, "sample")}{load}{ProfileFreshness.Of(now, shown)}",
            StatusTone = shown.Stale is null ? Tone.Dim : Tone.Warning,
        };
    }

    /// <summary>The own code that costs most, and what the collector and the allocator take.</summary>
    public static string Verdict(ShownProfile shown)
    {
        if (shown.IsMarked && OwnLines.Grown(shown) is { } grown) return $"Own code that grew most: {OwnLines.Words(grown, shown)}";
        ImmutableArray<OwnFunction> own = OwnLines.Of(shown);
        List<string> words = [];
        if (!shown.IsMarked && ProfileVerdict.WhyNothing(shown.Unfiltered, shown.Type) is { } few) words.Add(few.TrimEnd('.'));
        if (!own.IsEmpty) words.Add($"Own code: {OwnLines.Words(own[0], shown)}");
        if (Share("runtime.gcBgMarkWorker") is >= 1 and double marking) words.Add($"GC marking {Figures.Percent(marking)}");
        if (Share("runtime.mallocgc") is >= 1 and double allocating)
        {
            double assist = Share("runtime.gcAssistAlloc");
            words.Add($"allocating {Figures.Percent(allocating)}{(assist >= 1 ? $" (GC assist {Figures.Percent(assist)})" : "")}");
        }

        if (own.Length > 1) words.Add($"then {OwnLines.Words(own[1], shown)}");
        return string.Join("; ", words);

        double Share(string function)
        {
            foreach (FunctionTotals row in shown.Unfiltered.Functions(shown.Type))
            {
                if (row.Function == function) return shown.Share(row.Cumulative);
            }

            return 0;
        }
    }
}
