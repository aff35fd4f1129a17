using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Widgets;

namespace GoTop.Panes.Overview;

/// <summary>The first page: what is wrong, in words, and the figures around it.</summary>
public sealed class OverviewPane : Pane<OverviewView>
{
    public override string Id => "overview";

    public override string Title => "Overview";

    public override string ShortTitle => "Over";

    public override bool HasRows(PaneState state) => false;

    public override OverviewView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new OverviewView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        (string verdict, Tone tone) = Verdict(now);
        return new OverviewView
        {
            Findings = observation.Findings,
            Verdict = verdict,
            VerdictTone = tone,
            Service = ServiceLine.Of(now.Service),
            Trace = Trace(now),
            Blocks = OverviewBlocks.Of(now),
            Groups = now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups) ? GroupTable(groups, observation, now) : null,
            GroupsMissing = now.Groups.HasValue ? "" : Figure.Of(now.Groups, _ => "").Reason ?? "",
            GroupsTitle = groups.IsDefault ? "Goroutine groups" : $"Largest of {Figures.Count(groups.Length)} goroutine groups",
            Sources = input.App.Agent is { } agent ? now.Sources.Add(agent) : now.Sources,
            Curves = Curves(observation.History, input.Width),
            History = observation.History,
        };
    }

    protected override void Draw(OverviewView view, DrawContext context) => OverviewDrawing.Draw(view, context);

    /// <summary>Silence is only good news about what could be read.</summary>
    private static (string Text, Tone Tone) Verdict(Snapshot now)
    {
        List<string> unseen = [];
        if (!now.Groups.HasValue) unseen.Add("goroutines");
        if (!now.Go.Counters.GcCycles.HasValue) unseen.Add("GC");
        if (!now.Process.CpuPercent.HasValue && now.ElapsedSeconds is not null) unseen.Add("process");
        if (now.ElapsedSeconds is null) return ("Nothing found yet: rates need a second reading.", Tone.Accent);
        return unseen.Count == 0
            ? ("Nothing wrong found.", Tone.Good)
            : ($"Nothing wrong found in what can be read, but {string.Join(", ", unseen)} cannot be judged: see the sources.", Tone.Warning);
    }

    private static string? Trace(Snapshot now) => now.Facts.Trace.TryGet(out TraceBurst? burst)
        ? $"Trace {Figures.Age(Math.Max(0, (now.MonotonicNanoseconds - burst.ReadAtNanoseconds) / 1e9))} ago: {burst.Report.Verdict}"
        : null;

    private static ImmutableArray<(string Title, CurveView Curve)> Curves(HistoryView history, int ticks)
    {
        return [One(SeriesCatalog.Goroutines), One(SeriesCatalog.Cpu), One(SeriesCatalog.HeapLive), One(SeriesCatalog.SchedulingLatencyP99)];

        (string, CurveView) One(NamedFigure series) =>
            (series.Title, new CurveView(series.Unit, [CurveLine.Of(history, series, series.Title, ticks) with { Filled = true }], CurveView.SecondsBetween(history)));
    }

    private static TableView GroupTable(ImmutableArray<GoroutineGroup> groups, Observation observation, Snapshot now) =>
        new(GroupRows.AllColumns, groups.Length, (row, column) => GroupRows.Cell(groups[row], observation.History.Groups, column))
        {
            HasScrollBar = false,
            IsStale = now.Groups.State == ReadingState.Stale,
        };
}
