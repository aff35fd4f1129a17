using GoTop.Bench.Measure;

namespace GoTop.Bench.Screen;

/// <summary>Start to output, in milliseconds; NaN for what never came.</summary>
internal readonly record struct StartTime(double FirstByteMilliseconds, double FirstFrameMilliseconds);

/// <summary>One window of steady running.</summary>
/// <param name="CpuPercent">Of one core.</param>
/// <param name="FramesPerSecond">Bursts of output, each followed by a pause.</param>
internal readonly record struct SteadyUse(double CpuPercent, double ResidentMebibytes, double BytesPerSecond, double FramesPerSecond, double WriteCallsPerSecond)
{
    public double BytesPerFrame => BytesPerSecond / FramesPerSecond;

    public double WriteCallsPerFrame => WriteCallsPerSecond / FramesPerSecond;

    public static SteadyUse Between(ProcessUse from, ProcessUse to, long bytes, int frames, TimeProvider time)
    {
        double seconds = time.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds;
        return new SteadyUse(
            (to.CpuNanoseconds - from.CpuNanoseconds) / seconds / 1e7, to.ResidentBytes / 1048576.0, bytes / seconds, frames / seconds, (to.WriteCalls - from.WriteCalls) / seconds);
    }

    public static SteadyUse Median(IReadOnlyCollection<SteadyUse> runs) => new(
        Statistics.Median(runs.Select(run => run.CpuPercent)),
        Statistics.Median(runs.Select(run => run.ResidentMebibytes)),
        Statistics.Median(runs.Select(run => run.BytesPerSecond)),
        Statistics.Median(runs.Select(run => run.FramesPerSecond)),
        Statistics.Median(runs.Select(run => run.WriteCallsPerSecond)));
}

/// <summary>Key press to the end of the output that answers it.</summary>
internal readonly record struct KeyTime(double MedianMilliseconds, double WorstMilliseconds, int Answered, int Pressed);
