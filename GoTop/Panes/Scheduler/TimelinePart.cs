using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>A trace's Ps over time, as lanes of so many columns.</summary>
/// <param name="Procs">How each P spent the whole trace, for where there is room below.</param>
/// <param name="Readout">What all Ps did at the cursor, in words.</param>
public sealed record TimelinePart(LanesView Lanes, string Readout, string Omitted, TableView Procs)
{
    /// <summary>Lanes for GC and for stops of the world stay at the top.</summary>
    internal const int Pinned = 2;

    internal static TimelinePart Of(TraceReport report, PaneState state, int width, int rows)
    {
        TraceTimeline timeline = report.Timeline;
        int columns = Widgets.Lanes.Columns(width), cursor = CursorBucket(state, timeline);
        Columns over = new(timeline.Buckets, columns);
        int top = Math.Clamp(state.Top, 0, Math.Max(0, timeline.Procs.Length - rows));
        int shown = Math.Min(rows, timeline.Procs.Length - top);
        // Lanes out of sight are not made; they only keep their place.
        Lane[] lanes = new Lane[timeline.Procs.Length];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = i >= top && i < top + shown ? OfProc(report, timeline.Procs[i], over) : Nothing;
        LanesView view = new([.. lanes], (double)timeline.Buckets * timeline.BucketNanoseconds)
        {
            Pinned = [Mark(report, over), Stops(report, over)],
            Top = top,
            Cursor = over.ColumnOf(cursor),
        };
        return new TimelinePart(view, ReadOut(report, over, cursor), timeline.OmittedProcs > 0 ? $"{Figures.Counted(timeline.OmittedProcs, "more P was", "more Ps were")} not kept" : "", TraceTables.Procs(report));
    }

    /// <summary>The cursor's bucket so many columns further on.</summary>
    internal static int Move(PaneState state, TraceTimeline timeline, int width, int by)
    {
        Columns over = new(timeline.Buckets, Widgets.Lanes.Columns(width));
        int before = CursorBucket(state, timeline), bucket = over.FirstOf(over.ColumnOf(before) + by);
        // Where several columns stand for one bucket, a column further on may be the same one.
        return Math.Clamp(bucket == before ? before + Math.Sign(by) : bucket, 0, Math.Max(0, timeline.Buckets - 1));
    }

    /// <summary>Where nobody has moved it yet it stands where the world was stopped longest.</summary>
    private static int CursorBucket(PaneState state, TraceTimeline timeline)
    {
        if (state.Selected is int bucket) return Math.Clamp(bucket, 0, Math.Max(0, timeline.Buckets - 1));
        int most = 0;
        ImmutableArray<byte> stops = timeline.StopTheWorldPercent;
        for (int i = 1; i < stops.Length; i++)
        {
            if (stops[i] > stops[most]) most = i;
        }

        return most;
    }

    private static Lane Nothing { get; } = new("", "", default);

    private static Lane OfProc(TraceReport report, ProcLane proc, Columns over)
    {
        LanePart[] parts = new LanePart[over.Count];
        for (int column = 0; column < parts.Length; column++)
        {
            (int go, int gc, int syscall) = (0, 0, 0);
            (int from, int to) = over.Buckets(column);
            for (int bucket = from; bucket < to && bucket < proc.Shares.Length; bucket++)
            {
                ProcShare share = proc.Shares[bucket];
                go += share.Go + share.Scheduling;
                gc += share.Gc;
                syscall += share.Syscall;
            }

            LaneKind kind = gc >= go && gc >= syscall ? LaneKind.Collecting : syscall > go ? LaneKind.Syscall : LaneKind.Running;
            double share01 = (go + gc + syscall) / 100.0 / Math.Max(1, to - from);
            parts[column] = share01 > 0 ? new LanePart(kind, share01) : default;
        }

        long running = 0;
        foreach (ProcTime time in report.Procs)
        {
            if (time.Id == proc.Id) running = time.RunningNanoseconds;
        }

        return new Lane(Figures.Invariant($"P{proc.Id}"), Figures.Percent(100.0 * running / Math.Max(1, report.DurationNanoseconds)), parts);
    }

    private static Lane Mark(TraceReport report, Columns over) => new("mark", "", Parts(report.Timeline.MarkPhasePercent, over, LaneKind.Collecting));

    private static Lane Stops(TraceReport report, Columns over)
    {
        LanePart[] parts = Parts(report.Timeline.StopTheWorldPercent, over, LaneKind.Stopped);
        // A stop too short for a per cent of its bucket is a stop all the same.
        foreach (WorldStop stop in report.LongestStops)
        {
            int column = over.ColumnOf((int)(stop.AtNanoseconds / Math.Max(1, report.Timeline.BucketNanoseconds)));
            if (column >= 0 && column < parts.Length) parts[column] = new LanePart(LaneKind.Stopped, Math.Max(parts[column].Share, 0.05));
        }

        return new Lane("STW", "", parts);
    }

    private static LanePart[] Parts(ImmutableArray<byte> percent, Columns over, LaneKind kind)
    {
        LanePart[] parts = new LanePart[over.Count];
        for (int column = 0; column < parts.Length; column++)
        {
            (int from, int to) = over.Buckets(column);
            int sum = 0;
            for (int bucket = from; bucket < to && bucket < percent.Length; bucket++) sum += percent[bucket];
            if (sum > 0) parts[column] = new LanePart(kind, sum / 100.0 / Math.Max(1, to - from));
        }

        return parts;
    }

    private static string ReadOut(TraceReport report, Columns over, int cursor)
    {
        TraceTimeline timeline = report.Timeline;
        (int from, int to) = over.Buckets(over.ColumnOf(cursor));
        double go = 0, gc = 0, syscall = 0, stopped = 0, marking = 0, buckets = Math.Max(1, to - from) * 100.0;
        foreach (ProcLane proc in timeline.Procs)
        {
            for (int bucket = from; bucket < to && bucket < proc.Shares.Length; bucket++)
            {
                go += (proc.Shares[bucket].Go + proc.Shares[bucket].Scheduling) / buckets;
                gc += proc.Shares[bucket].Gc / buckets;
                syscall += proc.Shares[bucket].Syscall / buckets;
            }
        }

        for (int bucket = from; bucket < to && bucket < timeline.Buckets; bucket++)
        {
            if (bucket < timeline.StopTheWorldPercent.Length) stopped += timeline.StopTheWorldPercent[bucket] / buckets;
            if (bucket < timeline.MarkPhasePercent.Length) marking += timeline.MarkPhasePercent[bucket] / buckets;
        }

        double idle = Math.Max(0, timeline.Procs.Length - go - gc - syscall);
        string at = $"{Figures.Nanoseconds((double)from * timeline.BucketNanoseconds)} – {Figures.Nanoseconds((double)to * timeline.BucketNanoseconds)}";
        string text = Figures.Invariant($"{at}: Ps {go:0.0} Go, {gc:0.0} GC, {syscall:0.0} syscall, {idle:0.0} idle");
        if (marking > 0) text += $"; marking {Figures.Percent(marking * 100)}";
        return stopped > 0 ? $"{text}; STW {Figures.Percent(stopped * 100)}" : text;
    }

    /// <summary>Which buckets each column of the screen stands for; where there are more columns, several stand for one.</summary>
    private readonly struct Columns(int buckets, int columns)
    {
        public int Count => Math.Max(0, columns);

        public (int From, int To) Buckets(int column)
        {
            if (columns <= 0) return (0, buckets);
            int from = (int)((long)column * buckets / columns);
            return (from, Math.Max(from + 1, (int)((long)(column + 1) * buckets / columns)));
        }

        public int ColumnOf(int bucket) => buckets <= 0 ? 0 : (int)Math.Min(Math.Max(0, columns - 1), (((long)bucket * columns) + buckets - 1) / buckets);

        public int FirstOf(int column) => Buckets(Math.Clamp(column, 0, Math.Max(0, columns - 1))).From;
    }
}
