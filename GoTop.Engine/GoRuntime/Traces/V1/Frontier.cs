namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// The cursors whose event could come next, the earliest first: a binary heap. It moves its entries exactly as the
/// reference's does, since that decides which of two events of one time comes first.
/// </summary>
internal sealed class Frontier
{
    private readonly List<Entry> _heap = [];

    public bool IsEmpty => _heap.Count == 0;

    public int First => _heap[0].Cursor;

    public long FirstTicks => _heap[0].Ticks;

    public void Add(long ticks, int cursor)
    {
        Entry added = new(ticks, cursor);
        _heap.Add(added);
        int place = _heap.Count - 1;
        while (place > 0 && added.IsBefore(_heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = added;
    }

    public void RemoveFirst()
    {
        Entry last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (_heap.Count > 0) SiftDown(last);
    }

    /// <summary>Puts an entry in place of the first.</summary>
    private void SiftDown(Entry entry)
    {
        int place = 0;
        while (true)
        {
            int child = 2 * place + 1;
            if (child >= _heap.Count) break;
            if (child + 1 < _heap.Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(entry)) break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = entry;
    }

    private readonly record struct Entry(long Ticks, int Cursor)
    {
        public bool IsBefore(Entry other) => Ticks < other.Ticks;
    }
}
