using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Pprof;

namespace GoTop.Engine.Export;

/// <summary>Turns a MemStats into the document that other tools read.</summary>
public static class MemStatsDocumentBuilder
{
    /// <param name="isExpvar">It is from an expvar page, not from the end of <c>heap?debug=1</c>.</param>
    public static MemStatsDocument Build(MemStats stats, bool isExpvar)
    {
        SortedDictionary<string, string> absent = new(StringComparer.Ordinal) { ["goVersion"] = $"{stats.Page} does not tell the Go version" };
        ImmutableArray<GcPausePart>? pauses = Pauses(stats);
        ImmutableArray<long> sorted = pauses is { } all ? [.. all.Select(pause => pause.Nanoseconds).Order()] : [];
        return new MemStatsDocument
        {
            Source = isExpvar ? "expvar" : "heapText",
            AllocBytes = Figure("allocBytes", MemStat.Alloc),
            TotalAllocBytes = Figure("totalAllocBytes", MemStat.TotalAlloc),
            SysBytes = Figure("sysBytes", MemStat.Sys),
            Lookups = Figure("lookups", MemStat.Lookups),
            Mallocs = Figure("mallocs", MemStat.Mallocs),
            Frees = Figure("frees", MemStat.Frees),
            HeapAllocBytes = Figure("heapAllocBytes", MemStat.HeapAlloc),
            HeapSysBytes = Figure("heapSysBytes", MemStat.HeapSys),
            HeapIdleBytes = Figure("heapIdleBytes", MemStat.HeapIdle),
            HeapInUseBytes = Figure("heapInUseBytes", MemStat.HeapInuse),
            HeapReleasedBytes = Figure("heapReleasedBytes", MemStat.HeapReleased),
            HeapObjects = Figure("heapObjects", MemStat.HeapObjects),
            StackInUseBytes = Figure("stackInUseBytes", MemStat.StackInuse),
            StackSysBytes = Figure("stackSysBytes", MemStat.StackSys),
            MspanInUseBytes = Figure("mspanInUseBytes", MemStat.MSpanInuse),
            MspanSysBytes = Figure("mspanSysBytes", MemStat.MSpanSys),
            McacheInUseBytes = Figure("mcacheInUseBytes", MemStat.MCacheInuse),
            McacheSysBytes = Figure("mcacheSysBytes", MemStat.MCacheSys),
            BuckHashSysBytes = Figure("buckHashSysBytes", MemStat.BuckHashSys),
            GcSysBytes = Figure("gcSysBytes", MemStat.GCSys),
            OtherSysBytes = Figure("otherSysBytes", MemStat.OtherSys),
            NextGcBytes = Figure("nextGcBytes", MemStat.NextGC),
            LastGcAt = LastGc(),
            NumGc = Figure("numGc", MemStat.NumGC),
            NumForcedGc = Figure("numForcedGc", MemStat.NumForcedGC),
            PauseTotalNanoseconds = Figure("pauseTotalNanoseconds", MemStat.PauseTotalNs),
            GcCpuFraction = Told("gcCpuFraction", stats.GcCpuFraction, "GCCPUFraction"),
            EnableGc = Told("enableGc", stats.EnableGc, "EnableGC"),
            DebugGc = Told("debugGc", stats.DebugGc, "DebugGC"),
            MaxResidentBytes = Figure("maxResidentBytes", MemStat.MaxRSS),
            Pauses = Told("pauses", pauses, "PauseNs and NumGC"),
            PauseP50Nanoseconds = OfPauses("pauseP50Nanoseconds", sorted, sorted.IsEmpty ? 0 : sorted[(sorted.Length - 1) / 2]),
            PauseMaxNanoseconds = OfPauses("pauseMaxNanoseconds", sorted, sorted.IsEmpty ? 0 : sorted[^1]),
            BySize = Told<ImmutableArray<SizeClassPart>>("bySize", stats.BySize is { } classes ? [.. classes.Select(size => new SizeClassPart(size.SizeBytes, size.Mallocs, size.Frees))] : null, "BySize"),
            Absent = absent.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

        long? Figure(string name, MemStat figure) => Told(name, stats[figure], figure.ToString());

        T? Told<T>(string name, T? value, string goName)
            where T : struct
        {
            if (value is null) absent[name] = $"{stats.Page} does not tell {goName}";
            return value;
        }

        DateTimeOffset? LastGc()
        {
            if (stats[MemStat.LastGC] is not 0) return Told("lastGcAt", stats[MemStat.LastGC], "LastGC") is { } nanoseconds ? At(nanoseconds) : null;
            absent["lastGcAt"] = "no GC cycle has ended yet";
            return null;
        }

        long? OfPauses(string name, ImmutableArray<long> ascending, long value)
        {
            if (!ascending.IsEmpty) return value;
            absent[name] = pauses is null ? $"{stats.Page} does not tell PauseNs and NumGC" : "no GC cycle has ended yet";
            return null;
        }
    }

    private static ImmutableArray<GcPausePart>? Pauses(MemStats stats)
    {
        if (stats.Recent(stats.PauseRing) is not { } pauses) return null;
        ImmutableArray<long>? ends = stats.Recent(stats.PauseEndRing);
        return [.. pauses.Select((pause, i) => new GcPausePart(ends is { } known ? At(known[i]) : null, pause))];
    }

    private static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
