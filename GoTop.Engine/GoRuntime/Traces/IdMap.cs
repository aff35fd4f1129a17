using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>
/// A hash table from the numbers of goroutines, Ms, Ps or tasks. Open, with linear probing: for such keys about twice as fast
/// as a dictionary. The multiplier is drawn for each table, so that no trace can be made whose numbers all fall together.
/// References to values are good until the next <see cref="Add"/> or <see cref="Remove"/>.
/// </summary>
internal sealed class IdMap<T>
{
    private const long Free = long.MinValue;

    private readonly ulong _multiplier = (ulong)Random.Shared.NextInt64() | 1;
    private Entry[] _entries = NewEntries(16);
    private int _shift = 60;

    public int Count { get; private set; }

    /// <summary>A null reference when the key is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Find(long key)
    {
        Entry[] entries = _entries;
        for (uint place = Place(key); ; place++)
        {
            ref Entry entry = ref entries[place & (uint)(entries.Length - 1)];
            if (entry.Key == key && key != Free) return ref entry.Value;
            if (entry.Key == Free) return ref Unsafe.NullRef<T>();
        }
    }

    /// <summary>The value of a key, made empty when it was not there.</summary>
    public ref T Add(long key, out bool existed)
    {
        if (key == Free) key++;
        ref T found = ref Find(key);
        existed = !Unsafe.IsNullRef(ref found);
        if (existed) return ref found;
        if ((Count + 1) * 2 > _entries.Length) Grow();
        Count++;
        return ref Insert(key);
    }

    public bool Remove(long key)
    {
        uint mask = (uint)(_entries.Length - 1);
        uint place = Place(key) & mask;
        while (_entries[place].Key != key)
        {
            if (_entries[place].Key == Free) return false;
            place = (place + 1) & mask;
        }

        if (key == Free) return false;
        Count--;
        // What stands behind moves up, unless it stands where it belongs.
        for (uint next = (place + 1) & mask; _entries[next].Key != Free; next = (next + 1) & mask)
        {
            uint wanted = Place(_entries[next].Key) & mask;
            if (((next - wanted) & mask) < ((next - place) & mask)) continue;
            _entries[place] = _entries[next];
            place = next;
        }

        _entries[place] = new Entry { Key = Free };
        return true;
    }

    public void Clear()
    {
        Array.Fill(_entries, new Entry { Key = Free });
        Count = 0;
    }

    public IEnumerable<KeyValuePair<long, T>> Entries()
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Key != Free) yield return new KeyValuePair<long, T>(entry.Key, entry.Value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Place(long key) => (uint)(((ulong)key * _multiplier) >> _shift);

    private ref T Insert(long key)
    {
        uint mask = (uint)(_entries.Length - 1);
        uint place = Place(key) & mask;
        while (_entries[place].Key != Free) place = (place + 1) & mask;
        ref Entry entry = ref _entries[place];
        entry.Key = key;
        return ref entry.Value;
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = NewEntries(old.Length * 2);
        _shift--;
        foreach (Entry entry in old)
        {
            if (entry.Key != Free) Insert(entry.Key) = entry.Value;
        }
    }

    private static Entry[] NewEntries(int length)
    {
        Entry[] entries = new Entry[length];
        Array.Fill(entries, new Entry { Key = Free });
        return entries;
    }

    private struct Entry
    {
        public long Key;
        public T Value;
    }
}
