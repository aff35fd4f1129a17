using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Tests.Support;

/// <summary>Small hand-made samples for tests of what is derived from them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    public static TargetIdentity Target { get; } = new() { Name = "svc", Process = new ProcessKey(42, 1) };

    public static Sample At(double seconds, SampleFacts facts) => new()
    {
        Time = Start.AddSeconds(seconds),
        MonotonicNanoseconds = Nanoseconds(seconds),
        Target = Target,
        Facts = facts.ReadAt(Nanoseconds(seconds)),
        Sources = [],
    };

    public static long Nanoseconds(double seconds) => 1_000_000_000_000 + (long)(seconds * 1e9);

    public static ProcessCounters Process(double cpuSeconds, long residentBytes = 1 << 20) => new()
    {
        UserNanoseconds = (long)(cpuSeconds * 1e9),
        SystemNanoseconds = 0,
        ResidentBytes = residentBytes,
        Threads = 5,
    };

    /// <summary>A table of groups, each (start function, wait reason, how many, seconds waited).</summary>
    public static GoroutineTable Goroutines(double nowSeconds, params (string Start, string Reason, int Count, double Waited)[] groups)
    {
        ImmutableArray<GoroutineRow>.Builder rows = ImmutableArray.CreateBuilder<GoroutineRow>();
        List<CodeLocation> locations = [new("main.main", "/src/main.go", 10)];
        List<string> reasons = [""];
        foreach ((string start, string reason, int count, double waited) in groups)
        {
            locations.Add(new CodeLocation(start, "/src/work.go", 20));
            if (!reasons.Contains(reason)) reasons.Add(reason);
            for (int i = 0; i < count; i++)
            {
                rows.Add(new GoroutineRow(
                    rows.Count + 1, GoroutineState.Waiting, reasons.IndexOf(reason),
                    waited > 0 ? Nanoseconds(nowSeconds - waited) : 0, 0, locations.Count - 1, 1, -1, false));
            }
        }

        return new GoroutineTable
        {
            Rows = rows.ToImmutable(),
            Locations = [.. locations],
            WaitReasons = [.. reasons],
            Stacks = [],
            NowNanoseconds = Nanoseconds(nowSeconds),
            Torn = 0,
            SystemGoroutines = 4,
        };
    }
}
