using GoTop.Bench.Measure;

namespace GoTop.Bench.Trace;

/// <param name="Name">In words, for the table.</param>
/// <param name="Reference">Null where it could not be had.</param>
internal sealed record TraceFileResult(string Name, long Bytes, long Events, PassResult Reading, PassResult Analysing, PassResult? Reference);

/// <summary>Passes over one file.</summary>
/// <param name="CpuMilliseconds">Of all threads, for one pass.</param>
/// <param name="AllocatedBytes">For one pass; NaN where it is not known.</param>
/// <param name="PeakBytes">Resident memory beyond what there was before.</param>
internal sealed record PassResult(MedianInterval CpuMilliseconds, double AllocatedBytes, double PeakBytes)
{
    public double MegabytesPerSecond(long bytes) => bytes / 1e3 / CpuMilliseconds.Median;

    public double MillionEventsPerSecond(long events) => events / 1e3 / CpuMilliseconds.Median;
}

/// <param name="Without">Why what is missing is missing; empty when nothing is.</param>
internal sealed record TraceResult(IReadOnlyList<TraceFileResult> Files, IReadOnlyList<string> Versions, IReadOnlyList<string> Without);
