using GoTop.Bench.Measure;

namespace GoTop.Bench.Profiles;

/// <param name="What">In words, for the table.</param>
/// <param name="Bytes">What was read, for the rate.</param>
internal sealed record ProfileTiming(string What, long Bytes, Timing Timing);

/// <summary>A whole command over one of the files.</summary>
/// <param name="PeakBytes">The most memory it had resident.</param>
internal sealed record CommandResult(string What, MedianInterval Milliseconds, double CpuMilliseconds, double PeakBytes);

/// <param name="Samples">In the file.</param>
/// <param name="Reference"><c>go tool pprof -top</c>.</param>
/// <param name="GoTop"><c>gotop analyze</c>; null without a published gotop.</param>
internal sealed record ProfileFileResult(string Name, long Bytes, int Samples, CommandResult Reference, CommandResult? GoTop);

/// <param name="Comparison">The readers side by side.</param>
internal sealed record ProfileResult(int Samples, int Stacks, IReadOnlyList<ProfileTiming> Timings, IReadOnlyList<ProfileFileResult> Files, IReadOnlyList<ReaderComparison> Comparison);

/// <param name="Milliseconds">Mean of BenchmarkDotNet.</param>
internal sealed record ReaderComparison(string What, double Milliseconds, double StandardDeviation, double AllocatedBytes);
