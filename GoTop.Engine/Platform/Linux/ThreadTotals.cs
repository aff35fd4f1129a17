using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// What the kernel counts by thread only, summed over the living threads: a sum falls when a thread ends. The files of
/// the process itself tell of its first thread alone, which in a Go program mostly sleeps.
/// </summary>
internal readonly record struct ThreadTotals(
    Reading<long> RunQueueDelayNanoseconds, Reading<long> VoluntarySwitches, Reading<long> InvoluntarySwitches)
{
    public static ThreadTotals Of(Reading<ThreadTable> read)
    {
        if (!read.TryGet(out ThreadTable? table))
        {
            Reading<long> why = read.Absent<long>();
            return new ThreadTotals(why, why, why);
        }

        return new ThreadTotals(
            Sum(table, thread => thread.RunQueueDelayNanoseconds, table.Missing.RunQueueDelay),
            Sum(table, thread => thread.VoluntarySwitches, table.Missing.SwitchKinds),
            Sum(table, thread => thread.InvoluntarySwitches, table.Missing.SwitchKinds));
    }

    private static Reading<long> Sum(ThreadTable table, Func<ThreadCounters, long?> figure, string? missing) =>
        missing is null ? Reading.Of(table.Threads.Sum(thread => figure(thread) ?? 0)) : Reading.NotSupported<long>(missing);
}
