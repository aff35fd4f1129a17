using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Sampling;

/// <summary>
/// The bounded past of one target. Touched by one task only; views of it stay as they are, because written cells are
/// never written again: when an array is full, its newest half moves to a new one.
/// </summary>
public sealed class History(int ticks = History.UsualTicks)
{
    /// <summary>Ten minutes of the usual interval: so much is kept of a target, read of its recording, and can be stepped through.</summary>
    public const int UsualTicks = 600;

    private const int GroupPoints = 25;
    private const int GroupsPerPoint = 1000;
    private const long GroupPeriodNanoseconds = 5_000_000_000;

    private readonly Queue<(long Nanoseconds, Dictionary<GroupKey, int> Counts)> _groups = new();
    private readonly CoreHistory _cores = new();
    private DateTimeOffset[] _times = new DateTimeOffset[ticks * 2];
    private double[][] _values = [.. SeriesCatalog.All.Select(_ => new double[ticks * 2])];
    private int _end;
    private long? _groupsAt;

    /// <summary>Adds a tick and returns the past as it is now.</summary>
    public HistoryView Add(Snapshot snapshot)
    {
        if (_end == _times.Length) StartNewArrays();
        _times[_end] = snapshot.Time;
        for (int i = 0; i < _values.Length; i++)
        {
            Reading<double> reading = SeriesCatalog.All[i].Select(snapshot);
            // A stale value is an old one: the curve has a gap there rather than a plateau that never was.
            _values[i][_end] = reading.State == ReadingState.Present ? reading.Value : double.NaN;
        }

        _end++;
        int count = Math.Min(_end, ticks);
        return new HistoryView(_times, _values, _end - count, count, Trends(snapshot)) { Cores = _cores.Add(snapshot) };
    }

    private void StartNewArrays()
    {
        int keep = ticks - 1;
        _times = Moved(_times);
        _values = [.. _values.Select(Moved)];
        _end = keep;

        T[] Moved<T>(T[] old)
        {
            T[] fresh = new T[old.Length];
            Array.Copy(old, old.Length - keep, fresh, 0, keep);
            return fresh;
        }
    }

    private ImmutableDictionary<GroupKey, GroupTrend> Trends(Snapshot snapshot)
    {
        if (!snapshot.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return ImmutableDictionary<GroupKey, GroupTrend>.Empty;
        ImmutableDictionary<GroupKey, GroupTrend>.Builder trends = ImmutableDictionary.CreateBuilder<GroupKey, GroupTrend>();
        if (_groups.TryPeek(out (long Nanoseconds, Dictionary<GroupKey, int> Counts) oldest))
        {
            double window = (snapshot.MonotonicNanoseconds - oldest.Nanoseconds) / 1e9;
            Dictionary<GroupKey, int> now = Counts(groups);
            foreach (GoroutineGroup group in groups.AsSpan()[..Math.Min(groups.Length, GroupsPerPoint)])
            {
                // A group too small to be among those kept then is not told apart from a new one.
                trends[group.Key] = new GroupTrend(now[group.Key.WhetherLeakedOrNot] - oldest.Counts.GetValueOrDefault(group.Key.WhetherLeakedOrNot), window);
            }
        }

        if (_groupsAt is not { } last || snapshot.MonotonicNanoseconds - last >= GroupPeriodNanoseconds)
        {
            _groupsAt = snapshot.MonotonicNanoseconds;
            _groups.Enqueue((snapshot.MonotonicNanoseconds, Counts(groups)));
            if (_groups.Count > GroupPoints) _groups.Dequeue();
        }

        return trends.ToImmutable();
    }

    private static Dictionary<GroupKey, int> Counts(ImmutableArray<GoroutineGroup> groups)
    {
        int most = Math.Min(groups.Length, GroupsPerPoint);
        Dictionary<GroupKey, int> counts = new(most);
        foreach (GoroutineGroup group in groups.AsSpan()[..most])
            CollectionsMarshal.GetValueRefOrAddDefault(counts, group.Key.WhetherLeakedOrNot, out _) += group.Count;
        return counts;
    }
}
