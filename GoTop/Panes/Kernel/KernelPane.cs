using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>What the kernel does for and against the target: how long its threads wait for a core, who has it, and where CPU time goes.</summary>
/// <remarks>Events are collected while it is shown, and only then.</remarks>
public sealed class KernelPane : Pane<KernelView>
{
    private readonly LastResult<(SameObject Kernel, int View, string Filter, int Sort, bool Inverted), SortableTable> _tables = new();
    private readonly LastResult<(SameObject Samples, object Opened), PageRows> _stacks = new();

    public override string Id => "kernel";

    public override string Title => "Kernel";

    public override string ShortTitle => "Kern";

    public override string? TabKey => "K";

    public override ImmutableArray<string> Views => KernelViews.Titles;

    public override Interest Interest(PaneInput input) => new() { KernelEvents = true };

    public override ImmutableArray<string> SortColumns(PaneInput input) =>
        input.State.Levels.IsEmpty && Table(input) is { } table ? [.. table.Columns.Select(column => column.Title)] : [];

    public override bool HasRows(PaneState state) => state.View != KernelViews.Overview;

    public override KernelView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new KernelView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        PaneState state = input.State;
        KernelView view = new() { Ended = PaneFrame.Ended(observation), View = state.View, Verdict = KernelWords.Verdict(now), History = observation.History };
        if (!now.Kernel.TryGet(out KernelFigures? kernel)) return view with { NoEvents = KernelTier.Missing(now) };
        view = view with { Status = KernelTier.Status(kernel, now.Kernel), NotTold = KernelTier.NotTold(kernel.Report.Coverage) };
        if (state.View == KernelViews.Overview) return view with { Overview = OverviewBuilder.Of(now, kernel) };
        int visible = VisibleRows(input);
        if (Opened(input, kernel) is { } opened)
        {
            return view with { List = new KernelList($"Stacks with {FunctionStacks.Title(state.Levels[^1].Opened)}", opened.Table(state, visible), "") };
        }

        if (Absent(state.View, kernel) is { } why) return view with { NoEvents = new NoticeView(Tone.Warning, $"No {KernelViews.Titles[state.View]}", why, null, []) };
        return view with { List = new KernelList(ListTitle(state.View, kernel), Table(input)!.View(state, visible), Empty(state)) };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        switch (command)
        {
            case PaneCommand.Back:
                return ListNavigation.Close(state);
            case PaneCommand.NextView when state.Levels.IsEmpty:
                return PaneState.Initial with { View = (state.View + 1) % KernelViews.Titles.Length };
        }

        if (input.Observation?.Now.Kernel.ValueOr(null) is not { } kernel) return state;
        int visible = VisibleRows(input);
        if (Opened(input, kernel) is { } opened) return ListNavigation.Handle(state, command, new NumberedRows(opened.Count), visible);
        if (Table(input) is not { } table) return state;
        return command switch
        {
            PaneCommand.NextSort or PaneCommand.Invert => ListNavigation.HandleSort(state, command, table.Columns, input.Width),
            PaneCommand.Open when state.View is KernelViews.OnCpu or KernelViews.Lines && ListNavigation.Resolve(state, table, visible).Selected is >= 0 and int row =>
                ListNavigation.Open(state, table.KeyAt(row)),
            _ => ListNavigation.Handle(state, command, table, visible),
        };
    }

    protected override void Draw(KernelView view, DrawContext context) => KernelDrawing.Draw(view, context);

    private static string ListTitle(int view, KernelFigures kernel) => view switch
    {
        KernelViews.Waits => $"Longest of {Figures.Counted(kernel.Report.RunQueueDelay.TryGet(out var delay) ? delay.Count : 0, "wait")} for a core",
        KernelViews.OnCpu or KernelViews.Lines => Samples(kernel.Report.Samples.Value),
        KernelViews.OffCpu => "What its threads do, all together",
        _ => "Who has the cores of this machine; 100% is one",
    };

    private static string Empty(PaneState state) => state.Filter.Length > 0 ? "Nothing matches the filter." : state.View switch
    {
        KernelViews.Waits => "No thread waited for a core.",
        KernelViews.OnCpu or KernelViews.Lines => "It was not found on a core.",
        _ => "Nothing was seen.",
    };

    /// <summary>Why the view has nothing to show; null when it has.</summary>
    private static string? Absent(int view, KernelFigures kernel) => view switch
    {
        KernelViews.Waits when !kernel.Report.RunQueueDelay.HasValue => Figure.Of(kernel.Report.RunQueueDelay, _ => "").Reason,
        KernelViews.OnCpu or KernelViews.Lines when !kernel.Report.Samples.HasValue => Figure.Of(kernel.Report.Samples, _ => "").Reason,
        KernelViews.Processes when !kernel.Report.Processes.HasValue => Figure.Of(kernel.Report.Processes, _ => "").Reason,
        _ => null,
    };

    /// <summary><c>99 samples on CPU: Go 91.0%, kernel 9.0%</c>.</summary>
    private static string Samples(CpuSamples samples)
    {
        double all = Math.Max(1, samples.Functions.Sum(function => function.Self));
        string kinds = string.Join(", ", samples.Functions.GroupBy(function => function.Kind).OrderBy(group => group.Key).Where(group => group.Sum(function => function.Self) > 0)
            .Select(group => $"{KernelTables.Kind(group.Key)} {Figures.Percent(group.Sum(function => function.Self) / all * 100)}"));
        string unlisted = samples.Unlisted > 0 ? $"; {Figures.Count(samples.Unlisted)} of stacks beyond those kept" : "";
        return $"{Figures.Counted(samples.Count, "sample")} on CPU{(kinds.Length > 0 ? $": {kinds}" : "")}{unlisted}";
    }

    private static int VisibleRows(PaneInput input) =>
        KernelDrawing.Rows(input.Width, input.Height - PaneFrame.RowsTaken(input.Observation), input.Observation is { } observation ? KernelWords.Verdict(observation.Now).Text : "").ListRows;

    private PageRows? Opened(PaneInput input, KernelFigures kernel)
    {
        if (input.State.Levels.IsEmpty || !kernel.Report.Samples.TryGet(out CpuSamples? samples)) return null;
        object opened = input.State.Levels[^1].Opened;
        return _stacks.Get((new SameObject(samples), opened), (samples, opened), static made => FunctionStacks.Of(made.samples, made.opened));
    }

    private SortableTable? Table(PaneInput input)
    {
        PaneState state = input.State;
        if (input.Observation?.Now is not { } now || !now.Kernel.TryGet(out KernelFigures? kernel) || state.View == KernelViews.Overview || Absent(state.View, kernel) is not null) return null;
        return _tables.Get(
            (new SameObject(kernel), state.View, state.Filter, state.SortColumn, state.Inverted), (kernel, Target: ProcessWords.Target(now), state),
            static made => made.state.View switch
            {
                KernelViews.Waits => KernelTables.Waits(made.kernel.Report, made.Target, made.state),
                KernelViews.OnCpu => KernelTables.Functions(made.kernel.Report.Samples.Value, made.state),
                KernelViews.Lines => KernelTables.Lines(made.kernel.Report.Samples.Value, made.state),
                KernelViews.OffCpu => KernelTables.OffCpu(made.kernel, made.state),
                _ => KernelTables.Processes(made.kernel, made.kernel.Report.Processes.Value, made.Target, made.state),
            });
    }
}
