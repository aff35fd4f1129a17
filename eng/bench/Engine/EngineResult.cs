using GoTop.Bench.Measure;

namespace GoTop.Bench.Engine;

/// <param name="What">In words, for the table.</param>
internal sealed record NamedTiming(string What, Timing Timing);

/// <param name="Checks">One per reading with all stacks, while goroutines came and went.</param>
internal sealed record ReadingResult(int Goroutines, IReadOnlyList<NamedTiming> Timings, IReadOnlyList<GoroutineCheck> Checks);

/// <param name="Listing">With <paramref name="ManyProcesses"/> processes more than the machine has anyway.</param>
internal sealed record EngineResult(IReadOnlyList<ReadingResult> Readings, IReadOnlyList<NamedTiming> Listing, int ManyProcesses);
