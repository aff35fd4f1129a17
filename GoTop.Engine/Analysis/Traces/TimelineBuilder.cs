using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>What a P does.</summary>
internal enum ProcUse : byte
{
    Go,
    Gc,
    Syscall,

    /// <summary>In use, but without a goroutine: looks for one.</summary>
    Scheduling,
    Idle,
}

/// <summary>
/// Time by bucket. How long the trace is shows only at its end: whenever the buckets are full, each two become one.
/// </summary>
internal sealed class TimelineBuilder
{
    public const int MaxBuckets = 240;
    public const int MaxLanes = 256;

    private const int FirstBucketBits = 14;
    private const int UsesKept = (int)ProcUse.Idle;

    private readonly List<Lane> _lanes = [];
    private readonly Lane _markPhase = new(-1, 1);
    private readonly Lane _stopTheWorld = new(-1, 1);
    private long _start = -1;
    private int _bits = FirstBucketBits;
    private int _omitted;

    /// <summary>Of the first event.</summary>
    public void Begin(long start)
    {
        if (_start < 0) _start = start;
    }

    /// <summary>A lane for a P; null when there are too many.</summary>
    public Lane? NewLane(int proc)
    {
        if (_lanes.Count >= MaxLanes)
        {
            _omitted++;
            return null;
        }

        Lane lane = new(proc, UsesKept);
        _lanes.Add(lane);
        return lane;
    }

    public void Add(Lane? lane, ProcUse use, long from, long to)
    {
        if (use != ProcUse.Idle && lane is not null) Spread(lane.Nanoseconds[(int)use], from, to);
    }

    /// <param name="at">When it was; all of it in one bucket.</param>
    public void AddWithin(Lane? lane, ProcUse use, long at, long nanoseconds)
    {
        if (nanoseconds > 0 && use != ProcUse.Idle && lane is not null && Bucket(at) is >= 0 and int bucket) lane.Nanoseconds[(int)use][bucket] += nanoseconds;
    }

    /// <summary>Where the bucket of a time ends, or did before buckets were merged.</summary>
    public long EndOfBucket(long time) => _start + ((((time - _start) >> _bits) + 1) << _bits);

    public void AddMarkPhase(long from, long to) => Spread(_markPhase.Nanoseconds[0], from, to);

    public void AddStopTheWorld(long from, long to) => Spread(_stopTheWorld.Nanoseconds[0], from, to);

    /// <param name="end">Time of the last event.</param>
    public TraceTimeline Build(long end)
    {
        long length = Math.Max(1, end - _start);
        while ((length - 1) >> _bits >= MaxBuckets) Merge();
        int buckets = (int)((length - 1) >> _bits) + 1;
        return new TraceTimeline(
            1L << _bits, buckets,
            [.. _lanes.OrderBy(lane => lane.Proc).Select(lane => new ProcLane(lane.Proc, Shares(lane, buckets, length)))],
            _omitted, Percents(_markPhase.Nanoseconds[0], buckets, length), Percents(_stopTheWorld.Nanoseconds[0], buckets, length));
    }

    private ImmutableArray<ProcShare> Shares(Lane lane, int buckets, long length)
    {
        ImmutableArray<byte>[] uses = [.. lane.Nanoseconds.Select(each => Percents(each, buckets, length))];
        return [.. Enumerable.Range(0, buckets).Select(bucket => new ProcShare(
            uses[(int)ProcUse.Go][bucket], uses[(int)ProcUse.Gc][bucket], uses[(int)ProcUse.Syscall][bucket], uses[(int)ProcUse.Scheduling][bucket]))];
    }

    private ImmutableArray<byte> Percents(long[] nanoseconds, int buckets, long length) =>
        [.. Enumerable.Range(0, buckets).Select(bucket => (byte)Math.Clamp(Math.Round(100.0 * nanoseconds[bucket] / Math.Min(1L << _bits, length - ((long)bucket << _bits))), 0, 100))];

    /// <summary>−1 for a time before the trace.</summary>
    private int Bucket(long time)
    {
        if (time < _start) return -1;
        while ((time - _start) >> _bits >= MaxBuckets) Merge();
        return (int)((time - _start) >> _bits);
    }

    private void Spread(long[] buckets, long from, long to)
    {
        from -= _start;
        to -= _start;
        if (from < 0 || to <= from) return;
        while ((to - 1) >> _bits >= MaxBuckets) Merge();
        int bucket = (int)(from >> _bits), last = (int)((to - 1) >> _bits);
        for (; bucket < last; bucket++)
        {
            long next = (bucket + 1L) << _bits;
            buckets[bucket] += next - from;
            from = next;
        }

        buckets[last] += to - from;
    }

    private void Merge()
    {
        _bits++;
        foreach (Lane lane in _lanes) lane.Merge();
        _markPhase.Merge();
        _stopTheWorld.Merge();
    }

    internal sealed class Lane(int proc, int uses)
    {
        public readonly int Proc = proc;

        /// <summary>By use and bucket.</summary>
        public readonly long[][] Nanoseconds = [.. Enumerable.Range(0, uses).Select(_ => new long[MaxBuckets])];

        public void Merge()
        {
            foreach (long[] buckets in Nanoseconds)
            {
                for (int i = 0; i < MaxBuckets / 2; i++) buckets[i] = buckets[2 * i] + buckets[2 * i + 1];
                Array.Clear(buckets, MaxBuckets / 2, MaxBuckets / 2);
            }
        }
    }
}
