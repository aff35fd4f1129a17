namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>A growing array without the checks and copies of a list.</summary>
internal sealed class Column<T>(int capacity = 16)
    where T : unmanaged
{
    private T[] _items = new T[capacity];

    public int Count { get; private set; }

    public Span<T> Items => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (Count == _items.Length) Grow(1);
        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        if (items.Length > _items.Length - Count) Grow(items.Length);
        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    /// <summary>The items in an array of their length, which is this column's own when it fits.</summary>
    public T[] ToArray()
    {
        if (Count != _items.Length) Array.Resize(ref _items, Count);
        return _items;
    }

    public void Clear() => Count = 0;

    private void Grow(int more) => Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max(_items.Length * 2L, Count + (long)more)));
}
