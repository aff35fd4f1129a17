using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>A wait for a core that has ended.</summary>
internal readonly record struct LongWait(int Thread, long At, long Duration, int Cpu, bool Preempted, Contenders? RanInstead);

/// <summary>The longest waits of an interval.</summary>
internal sealed class LongestRunQueueWaits
{
    private const int Kept = 20;

    private readonly PriorityQueue<LongWait, long> _waits = new(Kept + 1);

    /// <summary>Whether a wait so long would be among them at present.</summary>
    public bool Keeps(long duration) => _waits.Count < Kept || (_waits.TryPeek(out _, out long shortest) && duration > shortest);

    public void Offer(in LongWait wait)
    {
        if (_waits.Count < Kept) _waits.Enqueue(wait, wait.Duration);
        else _waits.EnqueueDequeue(wait, wait.Duration);
    }

    public ImmutableArray<RunQueueWait> Report(Func<int, string?> name, int contenders) =>
    [
        .. _waits.UnorderedItems.Select(item => item.Element).OrderByDescending(wait => wait.Duration).ThenBy(wait => wait.At)
            .Select(wait => new RunQueueWait(wait.Thread, wait.At, wait.Duration, wait.Cpu, wait.Preempted, wait.RanInstead?.Top(contenders, name) ?? [])),
    ];

    public void Clear() => _waits.Clear();
}
