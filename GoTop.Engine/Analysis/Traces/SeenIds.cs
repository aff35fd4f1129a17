using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Counts different goroutine ids, exactly: calls from C use the same id again and again. Ids are dense, so a bit for each is little.
/// </summary>
internal sealed class SeenIds
{
    private const int PageBits = 12;

    /// <summary>Ids that are spread out as no Go program's are; beyond this each counts as new.</summary>
    private const int MaxPages = 1 << 14;

    private readonly IdMap<ulong[]> _pages = new();

    public long Count { get; private set; }

    public void Add(long id)
    {
        ref ulong[]? page = ref _pages.Add(id >> PageBits, out bool existed)!;
        if (!existed && _pages.Count > MaxPages)
        {
            _pages.Remove(id >> PageBits);
            Count++;
            return;
        }

        page ??= new ulong[1 << (PageBits - 6)];
        int bit = (int)(id & ((1 << PageBits) - 1));
        ref ulong word = ref page[bit >> 6];
        if ((word & (1UL << (bit & 63))) != 0) return;
        word |= 1UL << (bit & 63);
        Count++;
    }
}
