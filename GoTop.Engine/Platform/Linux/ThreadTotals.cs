using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// What the kernel counts by thread only, summed over the living threads: a sum falls when a thread ends. The files of
/// the process itself tell of its first thread alone, which in a Go program mostly sleeps.
/// </summary>
internal readonly record struct ThreadTotals(
    Reading<long> RunQueueDelayNanoseconds, Reading<long> VoluntarySwitches, Reading<long> InvoluntarySwitches)
{
    /// <summary>At about 20 µs a thread, more would cost more than the figures are worth.</summary>
    public const int MostThreads = 2000;

    public static ThreadTotals Read(ProcFiles files, int processId, int expectedThreads)
    {
        if (expectedThreads > MostThreads) return TooMany(expectedThreads);
        List<int> threads = new(expectedThreads + 4);
        int error = files.ListNumbers(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"), threads, MostThreads);
        if (error < 0)
        {
            Reading<long> why = ProcessCounterReader.Unreadable<long>(processId, "task", error);
            return new ThreadTotals(why, why, why);
        }

        Span<byte> buffer = stackalloc byte[8192];
        long delay = 0, voluntary = 0, involuntary = 0;
        bool sawDelay = false, sawSwitches = false;
        foreach (int thread in threads)
        {
            // A thread that ended since it was listed simply counts no more.
            int length = files.Read(processId, thread, "schedstat"u8, buffer);
            if (length > 0 && TryDelay(buffer[..length], out long threadDelay))
            {
                sawDelay = true;
                delay += threadDelay;
            }

            length = files.Read(processId, thread, "status"u8, buffer);
            if (length > 0 && TrySwitches(buffer[..length], out long threadVoluntary, out long threadInvoluntary))
            {
                sawSwitches = true;
                voluntary += threadVoluntary;
                involuntary += threadInvoluntary;
            }
        }

        Reading<long> noSwitches = Reading.NotSupported<long>("the kernel gives no context switches by thread");
        return new ThreadTotals(
            sawDelay ? Reading.Of(delay) : Reading.NotSupported<long>("the kernel gives no schedstat by thread (CONFIG_SCHED_INFO)"),
            sawSwitches ? Reading.Of(voluntary) : noSwitches,
            sawSwitches ? Reading.Of(involuntary) : noSwitches);
    }

    /// <summary>schedstat: nanoseconds on a core, nanoseconds waiting for one, times run.</summary>
    private static bool TryDelay(ReadOnlySpan<byte> schedstat, out long nanoseconds) =>
        KernelText.TryTakeNumber(ref schedstat, out _) & KernelText.TryTakeNumber(ref schedstat, out nanoseconds);

    private static bool TrySwitches(ReadOnlySpan<byte> status, out long voluntary, out long involuntary)
    {
        involuntary = 0;
        // They are the last lines but few, so the search begins there.
        int at = status.LastIndexOf("\nvoluntary_ctxt_switches:"u8);
        voluntary = 0;
        return at >= 0
            && KernelText.TryNumber(status[(at + 1)..], "voluntary_ctxt_switches"u8, out voluntary)
            && KernelText.TryNumber(status[(at + 1)..], "nonvoluntary_ctxt_switches"u8, out involuntary);
    }

    private static ThreadTotals TooMany(int threads)
    {
        Reading<long> why = Reading.NotSupported<long>($"not summed over more than {MostThreads} threads; this process has {threads}");
        return new ThreadTotals(why, why, why);
    }
}
