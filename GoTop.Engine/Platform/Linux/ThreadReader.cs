using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// A process's threads from /proc/PID/task: schedstat (nanoseconds on a core and waiting for one), stat (state, last core)
/// and status (switches, allowed cores, number within a container).
/// </summary>
internal sealed class ThreadReader(ProcFiles files, long clockTicksPerSecond)
{
    /// <summary>At some 60 µs a thread, more would cost more than the figures are worth.</summary>
    public const int MostThreads = 2000;

    private const string NoSchedstat = "the kernel gives no schedstat by thread (CONFIG_SCHED_INFO)";

    // Threads of a process mostly have the same few sets of cores, and their text is long on a large machine.
    private const int MaxSets = 64;

    public Reading<ThreadTable> Read(int processId, int expectedThreads)
    {
        if (expectedThreads > MostThreads) return Reading.NotSupported<ThreadTable>($"not read of more than {MostThreads} threads; this process has {expectedThreads}");
        List<int> ids = new(expectedThreads + 4);
        int error = files.ListNumbers(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"), ids, MostThreads);
        if (error < 0) return ProcessCounterReader.Unreadable<ThreadTable>(processId, "task", error);
        ids.Sort();
        bool sawDelay = false, sawSwitches = false;
        Dictionary<string, CoreSet> sets = [];
        ImmutableArray<ThreadCounters>.Builder threads = ImmutableArray.CreateBuilder<ThreadCounters>(ids.Count);
        foreach (int id in ids)
        {
            // A thread that ended since it was listed simply counts no more.
            if (TryRead(processId, id, sets, out ThreadCounters? thread)) threads.Add(thread!);
            sawDelay |= thread?.RunQueueDelayNanoseconds is not null;
            sawSwitches |= thread?.VoluntarySwitches is not null;
        }

        return Reading.Of(new ThreadTable
        {
            Threads = threads.DrainToImmutable(),
            Missing = new MissingThreadFacts
            {
                RunQueueDelay = sawDelay ? null : NoSchedstat,
                SwitchKinds = sawSwitches ? null : "the kernel gives no context switches by thread",
                WaitReason = "only root may see what a thread waits for in the kernel",
            },
        });
    }

    private bool TryRead(int processId, int id, Dictionary<string, CoreSet> sets, out ThreadCounters? thread)
    {
        thread = null;
        Span<byte> buffer = stackalloc byte[8192];
        int length = files.Read(processId, id, "stat"u8, buffer);
        bool hasStat = ProcStat.TryParse(buffer[..Math.Max(0, length)], out ProcStat stat);
        string? name = hasStat ? stat.NameText : null;
        (ThreadRunState state, int? core) = hasStat ? (StateOf(stat.State), stat.LastCore) : (ThreadRunState.Unknown, null);
        long? user = hasStat ? Nanoseconds(stat.UserTicks) : null, system = hasStat ? Nanoseconds(stat.SystemTicks) : null;
        length = files.Read(processId, id, "schedstat"u8, buffer);
        ReadOnlySpan<byte> schedstat = buffer[..Math.Max(0, length)];
        bool hasDelay = KernelText.TryTakeNumber(ref schedstat, out long onCpu) & KernelText.TryTakeNumber(ref schedstat, out long delay);
        length = files.Read(processId, id, "status"u8, buffer);
        if (length <= 0) return false;
        ReadOnlySpan<byte> status = buffer[..length];
        long? voluntary = null, involuntary = null;
        // They are the last lines but few, so the search begins there.
        int at = status.LastIndexOf("\nvoluntary_ctxt_switches:"u8);
        if (at >= 0 && KernelText.TryNumber(status[(at + 1)..], "voluntary_ctxt_switches"u8, out long gaveUp) && KernelText.TryNumber(status[(at + 1)..], "nonvoluntary_ctxt_switches"u8, out long lost))
            (voluntary, involuntary) = (gaveUp, lost);
        thread = new ThreadCounters
        {
            Id = id,
            OwnId = OwnId(status) ?? id,
            Name = name,
            State = state,
            OnCpuNanoseconds = hasDelay ? onCpu : user + system,
            UserNanoseconds = user,
            SystemNanoseconds = system,
            RunQueueDelayNanoseconds = hasDelay ? delay : null,
            ContextSwitches = (voluntary ?? 0) + (involuntary ?? 0),
            VoluntarySwitches = voluntary,
            InvoluntarySwitches = involuntary,
            LastCore = core,
            AllowedCores = AllowedCores(status, sets),
        };
        return true;
    }

    /// <summary>NSpid lists a thread's numbers from our namespace to its own; older kernels lack it.</summary>
    private static int? OwnId(ReadOnlySpan<byte> status)
    {
        ReadOnlySpan<byte> numbers = KernelText.Value(status, "NSpid"u8);
        int? last = null;
        while (KernelText.TryTakeNumber(ref numbers, out long number)) last = (int)number;
        return last;
    }

    private static CoreSet? AllowedCores(ReadOnlySpan<byte> status, Dictionary<string, CoreSet> sets)
    {
        ReadOnlySpan<byte> list = KernelText.Value(status, "Cpus_allowed_list"u8);
        if (list.IsEmpty) return null;
        string text = Encoding.ASCII.GetString(list);
        if (sets.TryGetValue(text, out CoreSet? known)) return known;
        try
        {
            CoreSet parsed = CoreSet.Parse(text);
            if (sets.Count < MaxSets) sets.Add(text, parsed);
            return parsed;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ThreadRunState StateOf(byte state) => state switch
    {
        (byte)'R' => ThreadRunState.Runnable,
        (byte)'S' or (byte)'I' or (byte)'P' => ThreadRunState.Sleeping,
        (byte)'D' => ThreadRunState.Uninterruptible,
        (byte)'T' or (byte)'t' => ThreadRunState.Stopped,
        (byte)'Z' or (byte)'X' or (byte)'x' => ThreadRunState.Ended,
        _ => ThreadRunState.Unknown,
    };

    private long Nanoseconds(long ticks) => ticks * (1_000_000_000 / clockTicksPerSecond);
}
