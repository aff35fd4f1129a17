using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>Waits by reason, by reason and place, and who ended them.</summary>
internal sealed class BlockingTotals(TraceNames names, StackSites sites)
{
    private const int MaxPlaces = 1 << 15, MaxPairs = 1 << 17;
    private const int Shown = 40, WakersShown = 4;

    private readonly NamedDigests _byReason = new();
    private readonly IdMap<int> _placeByKey = new();
    private readonly List<Place> _places = [];
    private readonly IdMap<int> _pairByKey = new();
    private readonly List<Pair> _pairs = [];

    /// <summary>A wait that is over.</summary>
    /// <param name="waiter">Who waited; remembers where its figures are, since most wait at one place again and again.</param>
    /// <param name="wakerSite">0 where the trace does not tell.</param>
    /// <param name="isWoken">False when it went on in another way than by being woken.</param>
    public void Add(TrackedGoroutine waiter, int wakerSite, long nanoseconds, bool isWoken)
    {
        long key = ((long)waiter.Reason << 32) | (uint)waiter.Site;
        Place place = waiter.LastPlace is { } last && last.Key == key ? last : waiter.LastPlace = PlaceOf(key, waiter.Reason, waiter.Site);
        place.OfReason.Add(nanoseconds);
        place.Totals.Add(nanoseconds);
        if (!isWoken) return;
        Pair pair = place.LastPair is { } lastPair && lastPair.WakerSite == wakerSite ? lastPair : place.LastPair = PairOf(place, wakerSite);
        pair.Totals.Add(nanoseconds);
    }

    public ImmutableArray<NamedDurations> Reasons() => _byReason.Summaries(names);

    public ImmutableArray<BlockedSite> Sites()
    {
        ILookup<Place, Pair> wokenBy = _pairs.ToLookup(pair => pair.Place);
        return
        [
            .. _places.OrderByDescending(place => place.Totals.Total).Take(Shown).Select(place => new BlockedSite(
                names[place.Reason], sites.Frames(place.Site), place.Totals.Count, place.Totals.Total, place.Totals.Max,
                [.. wokenBy[place].OrderByDescending(by => by.Totals.Count).Take(WakersShown).Select(by => new WokenBy(sites.Frames(by.WakerSite), by.Totals.Count))])
                {
                    Callers = sites.Callers(place.Site),
                }),
        ];
    }

    public ImmutableArray<Waker> Wakers() =>
    [
        .. _pairs.GroupBy(pair => pair.WakerSite)
            .Select(group => (Site: group.Key, Count: group.Total(pair => pair.Totals.Count), Total: group.Total(pair => pair.Totals.Total)))
            .OrderByDescending(waker => waker.Count).Take(Shown).Select(waker => new Waker(sites.Frames(waker.Site), waker.Count, waker.Total)),
    ];

    private Place PlaceOf(long key, int reason, int site)
    {
        ref int number = ref _placeByKey.Add(key, out bool existed);
        if (existed) return _places[number];
        if (_places.Count >= MaxPlaces)
        {
            // What goes beyond counts by reason alone.
            _placeByKey.Remove(key);
            return new Place(key, -1, reason, site, _byReason[reason]);
        }

        number = _places.Count;
        Place place = new(key, number, reason, site, _byReason[reason]);
        _places.Add(place);
        return place;
    }

    private Pair PairOf(Place place, int wakerSite)
    {
        long key = ((long)place.Number << 32) | (uint)wakerSite;
        ref int number = ref _pairByKey.Add(key, out bool existed);
        if (existed) return _pairs[number];
        Pair pair = new(place, wakerSite);
        if (_pairs.Count >= MaxPairs || place.Number < 0)
        {
            _pairByKey.Remove(key);
            return pair;
        }

        number = _pairs.Count;
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>A reason and a place.</summary>
    internal sealed class Place(long key, int number, int reason, int site, DurationDigest ofReason)
    {
        public readonly long Key = key;
        public readonly int Number = number;
        public readonly int Reason = reason;
        public readonly int Site = site;
        public readonly DurationDigest OfReason = ofReason;
        public Totals Totals;
        public Pair? LastPair;
    }

    /// <summary>A place and who ended waits there.</summary>
    internal sealed class Pair(Place place, int wakerSite)
    {
        public readonly Place Place = place;
        public readonly int WakerSite = wakerSite;
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
