using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Gc;

/// <summary>How hard the collector works and why, and where the memory is.</summary>
public sealed class GcPane : Pane<GcView>
{
    public override string Id => "gc";

    public override string Title => "GC & memory";

    public override string ShortTitle => "GC";

    public override bool HasRows(PaneState state) => false;

    public override GcView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new GcView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        RuntimeCounters counters = now.Go.Counters;
        if (!counters.HeapLiveBytes.HasValue && !counters.GcCycles.HasValue && !counters.Memory.HasValue)
            return new GcView { Notice = NoticeView.Absent(counters.HeapLiveBytes, "GC figures", now), Ended = PaneFrame.Ended(observation) };

        int ticks = input.Width * 2;
        double? seconds = CurveView.SecondsBetween(observation.History);
        ImmutableArray<MemoryRow> memory = GcFigures.Memory(now);
        GcView view = new()
        {
            Ended = PaneFrame.Ended(observation),
            Figures = GcFigures.Of(now),
            Heap = new CurveView(Unit.Bytes, HeapLines(observation, ticks), seconds),
            GcCpu = new CurveView(Unit.Percent, [CurveLine.Of(observation.History, SeriesCatalog.GcCpu, "GC CPU", ticks) with { Filled = true }], seconds),
            Allocation = new CurveView(Unit.BytesPerSecond, [CurveLine.Of(observation.History, SeriesCatalog.AllocRate, "allocation", ticks) with { Filled = true }], seconds),
            Memory = memory,
            MemoryWholeBytes = memory.Where(row => !double.IsNaN(row.Bytes)).Select(row => row.Bytes).DefaultIfEmpty(1).Max(),
            MemoryTitle = counters.Memory.HasValue ? $"{Figures.Bytes(counters.Memory.Value.Sys - counters.Memory.Value.HeapReleased)} by Go" : "",
            History = observation.History,
        };
        return WithPauses(view, now);
    }

    protected override void Draw(GcView view, DrawContext context) => GcDrawing.Draw(view, context);

    private static GcView WithPauses(GcView view, Snapshot now)
    {
        Figure reading = Figure.Of(now.Go.Counters.RecentPausesNanoseconds, _ => "");
        if (!now.Go.Counters.RecentPausesNanoseconds.TryGet(out ImmutableArray<long> pauses))
            return view with { PausesTitle = "Pauses", PausesNote = reading.Reason };
        if (pauses.IsEmpty) return view with { PausesTitle = "Pauses", PausesNote = "No cycle has run yet." };
        return view with
        {
            Pauses = Histogram.Of(pauses.AsSpan()),
            PausesTitle = $"Last {Figures.Count(pauses.Length)} pauses",
            PausesRight = $"longest {Figures.Nanoseconds(pauses.Max())}",
            PausesNote = RuntimeClock.IsCoarse(now) ? "Windows: Go measures pauses in timer ticks of 0.5–15.6 ms" : null,
        };
    }

    private static ImmutableArray<CurveLine> HeapLines(Observation observation, int ticks)
    {
        // The live heap last: where lines meet, it is the one to be seen.
        ImmutableArray<CurveLine>.Builder lines = ImmutableArray.CreateBuilder<CurveLine>(3);
        lines.Add(CurveLine.Of(observation.History, SeriesCatalog.HeapLive, "live", ticks));
        lines.Add(CurveLine.Of(observation.History, SeriesCatalog.HeapGoal, "goal", ticks) with { Color = CurveColor.Second });
        if (observation.Now.Go.Counters.MemoryLimitBytes.TryGet(out long limit) && limit != long.MaxValue)
        {
            double[] everywhere = new double[ticks];
            Array.Fill(everywhere, limit);
            lines.Add(new CurveLine("GOMEMLIMIT", everywhere, CurveColor.Third) { IsLimit = true });
        }

        return lines.ToImmutable();
    }
}
