namespace GoTop.Bench.Measure;

/// <summary>Passes over one file.</summary>
/// <param name="CpuMilliseconds">Of all threads, for one pass.</param>
/// <param name="AllocatedBytes">For one pass; NaN where it is not known.</param>
/// <param name="PeakBytes">Resident memory beyond what there was before.</param>
internal sealed record PassResult(MedianInterval CpuMilliseconds, double AllocatedBytes, double PeakBytes)
{
    public double MegabytesPerSecond(long bytes) => bytes / 1e3 / CpuMilliseconds.Median;

    public double MillionEventsPerSecond(long events) => events / 1e3 / CpuMilliseconds.Median;

    /// <summary>Measures a pass in this process.</summary>
    /// <param name="warmUp">Passes before; enough for the last of the compiler's tiers.</param>
    public static async Task<PassResult> OfAsync(Action pass, int warmUp, int passes, TimeProvider time)
    {
        for (int i = 0; i < warmUp; i++) pass();
        // Gives back what earlier passes held, so that the peak is this one's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        PeakMemory memory = PeakMemory.Begin();
        Timing timing = await Timing.OfAsync(
            () =>
            {
                pass();
                return Task.CompletedTask;
            },
            0, passes, time);
        double peak = memory.PeakBytes();
        // Milliseconds of CPU rather than of the clock: those of references are.
        return new PassResult(timing.Cpu, timing.AllocatedKibibytes * 1024, peak);
    }
}
