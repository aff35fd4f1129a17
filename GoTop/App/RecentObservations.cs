using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.App;

/// <summary>
/// The last observations of a live target, to step through while paused. Bounded by number and by how many goroutine
/// rows they hold together, so that a service with 100,000 goroutines does not fill the memory. Safe from any thread.
/// </summary>
public sealed class RecentObservations(int most = 600, long mostGoroutines = 400_000)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Observation> _kept = new();
    private long _goroutines;

    public void Add(Observation observation)
    {
        lock (_gate)
        {
            _kept.AddLast(observation);
            _goroutines += Goroutines(observation);
            while (_kept.Count > 1 && (_kept.Count > most || _goroutines > mostGoroutines))
            {
                _goroutines -= Goroutines(_kept.First!.Value);
                _kept.RemoveFirst();
            }
        }
    }

    /// <inheritdoc cref="IObservationFeed.Neighbour"/>
    public Observation? Neighbour(Observation from, int ticks)
    {
        long wanted = from.Tick + ticks;
        lock (_gate)
        {
            return ticks < 0
                ? _kept.LastOrDefault(o => o.Tick <= wanted) ?? _kept.FirstOrDefault(o => o.Tick < from.Tick)
                : _kept.FirstOrDefault(o => o.Tick >= wanted) ?? _kept.LastOrDefault(o => o.Tick > from.Tick);
        }
    }

    /// <inheritdoc cref="IObservationFeed.At"/>
    public Observation? At(DateTimeOffset time)
    {
        lock (_gate) return _kept.LastOrDefault(o => o.Now.Time <= time) ?? _kept.FirstOrDefault();
    }

    private static int Goroutines(Observation observation) =>
        observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table) ? table.Rows.Length : 0;
}
