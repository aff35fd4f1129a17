using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>All of the target's threads together, those that have ended in the interval among them.</summary>
internal sealed class ThreadSums
{
    private readonly SortedDictionary<int, OffCpuTime> _offCpu = [];

    public long OnCpu;
    public long Ready;
    public long Preemptions;
    public long VoluntarySwitches;
    public long CoreMigrations;
    public long NodeMigrations;
    public long Samples;

    public DurationDigest Delays { get; } = new();

    public Contenders RanInstead { get; } = new();

    public void AddWait(int reason, long count, long total, long max)
    {
        OffCpuTime known = _offCpu.GetValueOrDefault(reason);
        _offCpu[reason] = new OffCpuTime(reason, "", known.Count + count, known.TotalNanoseconds + total, Math.Max(known.MaxNanoseconds, max));
    }

    public ThreadActivity Report(KernelSystem system, Func<int, string?> name, int contenders) => new()
    {
        Thread = KernelEvent.Unknown,
        OnCpuNanoseconds = OnCpu,
        ReadyNanoseconds = Ready,
        OffCpu = [.. _offCpu.Values.OrderByDescending(wait => wait.TotalNanoseconds).Select(wait => wait with { Reason = WaitReasonNames.Of(system, wait.WaitReason) })],
        RunQueueDelay = Delays.Summary,
        RunQueueDelayHistogram = Delays.Histogram(),
        Preemptions = Preemptions,
        VoluntarySwitches = VoluntarySwitches,
        CoreMigrations = CoreMigrations,
        NodeMigrations = NodeMigrations,
        Samples = Samples,
        LastCpu = KernelEvent.Unknown,
        WaitsSinceNanoseconds = 0,
        RanInstead = RanInstead.Top(contenders, name),
    };
}
