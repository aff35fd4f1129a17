using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>Gives the numbers of a trace's table, which need not be dense, places from 1 on.</summary>
internal sealed class IdIndex
{
    private const int MaxDirect = 1 << 20;

    private readonly IdMap<int> _sparse = new();
    private int[] _direct = new int[256];
    private int _highest;

    public int Count { get; private set; }

    /// <summary>False when the number has a place already; 0 always has.</summary>
    public bool TryAdd(ulong id)
    {
        if (Find(id) >= 0) return false;
        Count++;
        if (id < MaxDirect)
        {
            if ((int)id >= _direct.Length) Array.Resize(ref _direct, (int)Math.Min(MaxDirect, Math.Max(id + 1, (ulong)_direct.Length * 2)));
            _direct[id] = Count;
            _highest = Math.Max(_highest, (int)id);
        }
        else
        {
            _sparse.Add((long)id, out _) = Count;
        }

        return true;
    }

    /// <summary>0 for the number 0, which stands for nothing; −1 for one that is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong id)
    {
        int[] direct = _direct;
        if (id < (ulong)direct.Length)
        {
            int place = direct[id];
            return place != 0 || id == 0 ? place : -1;
        }

        return FindSparse(id);
    }

    public void Clear()
    {
        Array.Clear(_direct, 0, _highest + 1);
        _highest = 0;
        if (_sparse.Count > 0) _sparse.Clear();
        Count = 0;
    }

    private int FindSparse(ulong id)
    {
        ref int place = ref _sparse.Find((long)id);
        return Unsafe.IsNullRef(ref place) ? -1 : place;
    }
}
