namespace GoTop.Engine.Analysis.Traces;

/// <summary>Keeps the few longest of many.</summary>
internal sealed class Longest<T>(int capacity)
{
    private readonly PriorityQueue<T, long> _kept = new(capacity);

    /// <summary>What is not longer need not be made.</summary>
    public long Threshold { get; private set; } = -1;

    public void Add(T item, long length)
    {
        if (length <= Threshold) return;
        if (_kept.Count < capacity) _kept.Enqueue(item, length);
        else _kept.EnqueueDequeue(item, length);
        if (_kept.Count == capacity && _kept.TryPeek(out _, out long least)) Threshold = least;
    }

    public IEnumerable<T> Descending() => _kept.UnorderedItems.OrderByDescending(each => each.Priority).Select(each => each.Element);
}
