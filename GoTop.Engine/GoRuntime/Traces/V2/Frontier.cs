namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>
/// The Ms that still have events, the one with the earliest first: a binary heap. It moves its entries exactly as the
/// reference's does, since that decides which of two events of one moment comes first.
/// </summary>
internal sealed class Frontier
{
    private Entry[] _heap = new Entry[16];

    public int Count { get; private set; }

    public BatchCursor this[int index] => _heap[index].Cursor;

    /// <summary>Time of the earliest event; there must be one.</summary>
    public long FirstTime => _heap[0].Time;

    public void Clear()
    {
        Array.Clear(_heap);
        Count = 0;
    }

    public void Add(BatchCursor cursor)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        _heap[Count] = new Entry(cursor.Time, cursor);
        SiftUp(Count++);
    }

    /// <summary>To be called when the cursor there has moved on.</summary>
    public void Update(int index)
    {
        _heap[index].Time = _heap[index].Cursor.Time;
        if (index == 0 || SiftUp(index) == index) SiftDown(index);
    }

    public void Remove(int index)
    {
        for (; index > 0; index = (index - 1) / 2) Swap(index, (index - 1) / 2);
        Count--;
        _heap[0] = _heap[Count];
        _heap[Count] = default;
        if (Count > 0) SiftDown(0);
    }

    /// <summary>Orders all by time, which leaves it a heap. Few ones stay as they came where times are equal, as the reference's do.</summary>
    public void Sort()
    {
        const int Few = 12;
        if (Count > Few)
        {
            _heap.AsSpan(0, Count).Sort(static (a, b) => a.Time.CompareTo(b.Time));
            return;
        }

        for (int i = 1; i < Count; i++)
        {
            for (int j = i; j > 0 && _heap[j].Time < _heap[j - 1].Time; j--) Swap(j, j - 1);
        }
    }

    private int SiftUp(int index)
    {
        while (index > 0 && _heap[(index - 1) / 2].Time > _heap[index].Time)
        {
            Swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }

        return index;
    }

    private void SiftDown(int index)
    {
        Entry[] heap = _heap;
        Entry moved = heap[index];
        bool isMoved = false;
        while (true)
        {
            int least = index;
            long time = moved.Time;
            int child = 2 * index + 1;
            if (child < Count && heap[child].Time < time)
            {
                least = child;
                time = heap[child].Time;
            }

            if (child + 1 < Count && heap[child + 1].Time < time) least = child + 1;
            if (least == index) break;
            heap[index] = heap[least];
            index = least;
            isMoved = true;
        }

        // Most often it stays where it is, and a reference that is not written needs no note for the garbage collector.
        if (isMoved) heap[index] = moved;
    }

    private void Swap(int a, int b) => (_heap[a], _heap[b]) = (_heap[b], _heap[a]);

    private struct Entry(long time, BatchCursor cursor)
    {
        public long Time = time;
        public readonly BatchCursor Cursor = cursor;
    }
}
