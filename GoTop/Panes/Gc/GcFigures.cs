using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Gc;

/// <summary>The collector's figures, and where the memory is.</summary>
internal static class GcFigures
{
    public static ImmutableArray<FigureRow> Of(Snapshot now)
    {
        GoFigures go = now.Go;
        RuntimeCounters counters = go.Counters;
        return
        [
            new("GC CPU", Figure.Of(go.GcCpuPercent, Figures.Percent, share => share >= 25 ? Tone.Warning : Tone.Normal), SeriesCatalog.GcCpu),
            new("mark assist", Figure.Of(go.GcAssistPercent, Figures.Percent, share => share >= 5 ? Tone.Warning : Tone.Normal)),
            new("cycles", Figure.Of(go.GcCyclesPerSecond, Figures.PerSecond), SeriesCatalog.GcCycles),
            new("allocation", Figure.Of(go.AllocBytesPerSecond, Figures.BytesPerSecond), SeriesCatalog.AllocRate),
            new("heap live", Figure.Of(counters.HeapLiveBytes, Figures.Bytes), SeriesCatalog.HeapLive),
            new("heap goal", Figure.Of(counters.HeapGoalBytes, Figures.Bytes), SeriesCatalog.HeapGoal),
            new("GOMEMLIMIT", Figure.Of(counters.MemoryLimitBytes, limit => limit == long.MaxValue ? "none" : Figures.Bytes(limit))),
            new("GOGC", Figure.Of(counters.GcPercent, percent => percent < 0 ? "off" : Figures.Count(percent))),
            new("stopped world", Figure.Of(go.PausePercent, Figures.Percent), SeriesCatalog.Pause),
            new("last pause", LastPause(counters.RecentPausesNanoseconds)),
            new("last cycle", Figure.Of(counters.LastGcAt, at => Figures.Age(Math.Max(0, (now.Time - at).TotalSeconds)) + " ago")),
            new("mallocs", Figure.Of(go.MallocsPerSecond, Figures.PerSecond)),
            new("heap objects", Figure.Of(Objects(counters.Memory), Figures.Count)),
            new("cycles so far", Figure.Of(counters.GcCycles, Figures.Count), Note: counters.ForcedGcCycles.TryGet(out long forced) && forced > 0 ? $"{Figures.Count(forced)} forced" : null),
            new("marking now", Figure.Of(counters.GcRunning, running => running ? "yes" : "no")),
        ];
    }

    /// <summary>Go's memory by class, then what is not Go's: with it the sum is the resident memory.</summary>
    public static ImmutableArray<MemoryRow> Memory(Snapshot now)
    {
        Reading<MemoryClasses> memory = now.Go.Counters.Memory;
        return
        [
            Row("heap in use", memory.Select(classes => classes.HeapInUse)),
            Row("heap idle", memory.Select(classes => classes.HeapIdle - classes.HeapReleased)),
            Row("stacks", memory.Select(classes => classes.StackInUse)),
            Row("runtime's other", memory.Select(classes => classes.Other)),
            // Below zero, part of Go's memory has not been touched yet, so the system has not given it any.
            Row(now.Go.NonGoResidentBytes.TryGet(out long other) && other < 0 ? "not touched yet" : "not Go's", now.Go.NonGoResidentBytes),
            Row("= resident", now.Process.ResidentBytes),
            Row("given back", memory.Select(classes => classes.HeapReleased)),
        ];
    }

    private static MemoryRow Row(string label, Reading<long> bytes) =>
        new(label, Figure.Of(bytes, Figures.Bytes), bytes.HasValue ? bytes.Value : double.NaN);

    private static Reading<long> Objects(Reading<MemoryClasses> memory) =>
        memory.TryGet(out MemoryClasses? classes) ? classes.HeapObjects : memory.Absent<long>();

    private static Figure LastPause(Reading<ImmutableArray<long>> pauses) => pauses.TryGet(out ImmutableArray<long> all) && all.IsEmpty
        ? Figure.Missing(ReadingState.NotYet, "no cycle has run")
        : Figure.Of(pauses, recent => Figures.Nanoseconds(recent[^1]));
}
