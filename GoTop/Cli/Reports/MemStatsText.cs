using GoTop.Engine.Export;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>MemStats as text for people.</summary>
internal static class MemStatsText
{
    public static void Write(TextWriter output, MemStatsDocument stats)
    {
        TextTable table = new("figure", "what");
        Add(table, stats.HeapAllocBytes, "heap in use by objects, live or not yet swept", Figures.Bytes);
        Add(table, stats.NextGcBytes, "heap size at which the next GC cycle begins (goal)", Figures.Bytes);
        Add(table, stats.HeapObjects, "objects", Figures.Count);
        Add(table, stats.SysBytes, "asked of the system by Go in all", Figures.Bytes);
        Add(table, stats.HeapInUseBytes, "in spans that are in use", Figures.Bytes);
        Add(table, stats.HeapIdleBytes, "in spans that are idle", Figures.Bytes);
        Add(table, stats.HeapReleasedBytes, "of these, given back to the system", Figures.Bytes);
        Add(table, stats.StackInUseBytes, "stacks", Figures.Bytes);
        Add(table, stats.MaxResidentBytes, "largest resident size so far", Figures.Bytes);
        Add(table, stats.TotalAllocBytes, "allocated since the start", Figures.Bytes);
        Add(table, stats.Mallocs, "objects allocated since the start", Figures.Count);
        Add(table, stats.NumGc, "GC cycles", Figures.Count);
        Add(table, stats.NumForcedGc, "of these, forced by the program", Figures.Count);
        Add(table, stats.PauseTotalNanoseconds, "world stopped for GC since the start", Figures.Nanoseconds);
        Add(table, stats.PauseP50Nanoseconds, "median of the last pauses (both of a cycle together)", Figures.Nanoseconds);
        Add(table, stats.PauseMaxNanoseconds, "longest of the last pauses", Figures.Nanoseconds);
        if (stats.GcCpuFraction is { } fraction) table.Add(Figures.Percent(100 * fraction), "of the CPU used by GC since the start");
        if (stats.LastGcAt is { } last) table.Add(Figures.Moment(last), "last GC cycle ended (UTC)");
        table.Write(output, stats.Source == "expvar" ? "MemStats of an expvar page" : "MemStats at the end of a heap profile's text");
        foreach ((string name, string reason) in stats.Absent) output.WriteLine($"  no {name}: {reason}");
    }

    private static void Add(TextTable table, long? value, string what, Func<long, string> words)
    {
        if (value is { } known) table.Add(words(known), what);
    }
}
