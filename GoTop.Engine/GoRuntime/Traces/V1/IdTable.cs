using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Gives the trace's own numbers (of goroutines, stacks, strings) places from 0 in the order in which they are met. Small
/// numbers, which most are, index an array.
/// </summary>
internal sealed class IdTable
{
    private const ulong MaxDirect = 1 << 20;

    private readonly IdMap<int> _sparse = new();
    private int[] _directFromOne = new int[64];
    private ulong[] _ids = new ulong[32];

    public int Count { get; private set; }

    public ulong IdAt(int place) => _ids[place];

    /// <returns>The place, or −1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong id)
    {
        int[] direct = _directFromOne;
        return id < (ulong)direct.Length ? direct[id] - 1 : FindSparse(id);
    }

    public int FindOrAdd(ulong id)
    {
        int place = Find(id);
        if (place >= 0) return place;
        if (Count == _ids.Length) Array.Resize(ref _ids, Count * 2);
        _ids[Count] = id;
        if (id < MaxDirect) AddDirect(id);
        else _sparse.Add((long)id, out _) = Count;
        return Count++;
    }

    private void AddDirect(ulong id)
    {
        if (id >= (ulong)_directFromOne.Length) Array.Resize(ref _directFromOne, (int)Math.Min(MaxDirect, 2 * id));
        _directFromOne[id] = Count + 1;
    }

    private int FindSparse(ulong id)
    {
        ref int place = ref _sparse.Find((long)id);
        return Unsafe.IsNullRef(ref place) ? -1 : place;
    }
}
