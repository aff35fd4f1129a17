namespace GoTop.Mutate;

/// <summary>
/// Finds a thread that does not come back from an input. What counts is the process's CPU time rather than the clock: on a busy
/// machine a thread may wait long for its turn. One that stands still without using any is given thirty times as long.
/// </summary>
internal sealed class HangWatch(MutationJob job, MutateOptions options)
{
    private const int IdleFactor = 30;

    private long _seen = -1;
    private TimeSpan _cpuThen;
    private long _then;

    /// <summary>To be asked now and then from another thread.</summary>
    /// <returns>The input in hand, when it has been for too long.</returns>
    public (int Target, ulong Seed, long Number)? Look()
    {
        long reading = job.Reading;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        if (reading != _seen)
        {
            (_seen, _cpuThen, _then) = (reading, cpu, options.Time.GetTimestamp());
            return null;
        }

        // The other threads' CPU time is in it too.
        bool isOverdue = cpu - _cpuThen > options.InputLimit * options.Jobs || options.Time.GetElapsedTime(_then) > options.InputLimit * IdleFactor;
        return isOverdue && job.Reading == reading ? job.InHand : null;
    }
}
