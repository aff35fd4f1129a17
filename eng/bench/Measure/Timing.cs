namespace GoTop.Bench.Measure;

/// <summary>One piece of work repeated in this process.</summary>
/// <param name="Cpu">Milliseconds of CPU of this process, all threads: what remains of it on a machine that has nothing else to do.</param>
internal readonly record struct Timing(MedianInterval Milliseconds, MedianInterval Cpu, double AllocatedKibibytes)
{
    public double CpuMilliseconds => Cpu.Median;

    /// <param name="warmUp">Times it runs unmeasured first: compiled code and filled caches are what a watch runs on.</param>
    public static async Task<Timing> OfAsync(Func<Task> work, int warmUp, int repeats, TimeProvider time)
    {
        for (int i = 0; i < warmUp; i++) await work();
        List<double> milliseconds = [], cpu = [], kibibytes = [];
        for (int i = 0; i < repeats; i++)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long started = time.GetTimestamp();
            await work();
            milliseconds.Add(time.GetElapsedTime(started).TotalMilliseconds);
            cpu.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
            kibibytes.Add((GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024.0);
        }

        return new Timing(Statistics.MedianWithInterval(milliseconds), Statistics.MedianWithInterval(cpu), Statistics.Median(kibibytes));
    }
}
