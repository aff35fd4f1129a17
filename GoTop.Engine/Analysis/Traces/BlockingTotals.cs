using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>Waits by reason and place, and who ended them.</summary>
internal sealed class BlockingTotals(TraceNames names, StackSites sites)
{
    private const int MaxPlaces = 1 << 15, MaxPairs = 1 << 17;
    private const int Shown = 40, WakersShown = 4;

    private readonly IdMap<int> _placeByKey = new();
    private readonly List<Place> _places = [];
    private readonly IdMap<long> _wokenBy = new();
    private readonly IdMap<Totals> _wakers = new();

    /// <param name="isWoken">False when the trace has another way for it to go on than being woken.</param>
    public void Add(int reason, int site, int wakerSite, long nanoseconds, bool isWoken)
    {
        long key = ((long)reason << 32) | (uint)site;
        ref int place = ref _placeByKey.Add(key, out bool existed);
        if (!existed)
        {
            if (_places.Count >= MaxPlaces)
            {
                // What goes beyond is in the totals by reason.
                _placeByKey.Remove(key);
                return;
            }

            place = _places.Count;
            _places.Add(new Place(reason, site));
        }

        int number = place;
        _places[number].Totals.Add(nanoseconds);
        if (!isWoken) return;
        _wakers.Add(wakerSite, out _).Add(nanoseconds);
        long pair = ((long)number << 32) | (uint)wakerSite;
        _wokenBy.Add(pair, out bool known)++;
        if (!known && _wokenBy.Count > MaxPairs) _wokenBy.Remove(pair);
    }

    public ImmutableArray<BlockedSite> Sites()
    {
        ILookup<int, (int Site, long Count)> wokenBy = _wokenBy.Entries().ToLookup(entry => (int)(entry.Key >> 32), entry => ((int)entry.Key, entry.Value));
        return
        [
            .. _places.Index().OrderByDescending(each => each.Item.Totals.Total).Take(Shown).Select(each => new BlockedSite(
                names[each.Item.Reason], sites.Frames(each.Item.Site), each.Item.Totals.Count, each.Item.Totals.Total, each.Item.Totals.Max,
                [.. wokenBy[each.Index].OrderByDescending(by => by.Count).Take(WakersShown).Select(by => new WokenBy(sites.Frames(by.Site), by.Count))])),
        ];
    }

    public ImmutableArray<Waker> Wakers() =>
    [
        .. _wakers.Entries().OrderByDescending(entry => entry.Value.Count).Take(Shown)
            .Select(entry => new Waker(sites.Frames((int)entry.Key), entry.Value.Count, entry.Value.Total)),
    ];

    private sealed class Place(int reason, int site)
    {
        public readonly int Reason = reason;
        public readonly int Site = site;
        public Totals Totals;
    }
}

internal struct Totals
{
    public long Count;
    public long Total;
    public long Max;

    public void Add(long nanoseconds)
    {
        Count++;
        Total += nanoseconds;
        Max = Math.Max(Max, nanoseconds);
    }
}
