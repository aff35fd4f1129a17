using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>
/// What all goroutines do: by group, one by one, against a mark, by who started them, by age, by label, by what they wait
/// for.
/// </summary>
public sealed class GoroutinesPane : GoroutineListPane
{
    private readonly LastResult<(SameObject Observation, SameObject Marks, int View, string Filter, int Sort, bool Inverted, SameObject Turned), ListOrNotice> _lists = new();
    private readonly LastResult<SameObject, CreatorTree> _creators = new();
    private readonly LastResult<SameObject, ImmutableArray<LabelledGoroutines>> _labels = new();

    public override string Id => "goroutines";

    public override string Title => "Goroutines";

    public override string ShortTitle => "Goro";

    public override ImmutableArray<string> Views => GoroutineViews.Names;

    public override Interest Interest(PaneInput input) => input.State switch
    {
        { Levels.IsEmpty: true, View: GoroutineViews.Waits } => new Interest { Waits = true, AllStacks = true },
        { Levels.IsEmpty: true, View: GoroutineViews.Labels } => new Interest { Labels = true },
        _ => base.Interest(input),
    };

    private protected override bool HasPreview(int view) => view is GoroutineViews.Groups or GoroutineViews.Diff or GoroutineViews.Waits;

    private protected override ListOrNotice List(PaneInput input)
    {
        if (input.Observation is not { } observation) return NoticeView.NoObservation;
        PaneState state = input.State;
        // Rows keep their own result, which a group's share.
        if (state.View == GoroutineViews.Goroutines) return Table(input) is null ? Absent(observation) : ListOrNotice.Of(Rows(input, null)!);
        Marks? marks = state.View == GoroutineViews.Diff ? input.Marks : null;
        return _lists.Get(
            (new SameObject(observation), new SameObject(marks), state.View, state.Filter, state.SortColumn, state.Inverted, new SameObject(state.Turned)),
            input,
            made => ListOf(made, observation));
    }

    private protected override Func<Func<int, bool>>? Within(PaneInput input, GoroutineTable table, object? opened) =>
        opened is CreatorPath path ? () => GoroutineScope.Of(Creators(table), path) : base.Within(input, table, opened);

    private static ListOrNotice Absent(Observation observation) => NoticeView.Absent(observation.Now.Facts.Goroutines, "goroutines", observation.Now);

    private ListOrNotice ListOf(PaneInput input, Observation observation)
    {
        PaneState state = input.State;
        Snapshot now = observation.Now;
        switch (state.View)
        {
            case GoroutineViews.Diff:
                return DiffOf(input);
            case GoroutineViews.Groups:
                return now.Groups.HasValue ? ListOrNotice.Of(GroupRows.Of(observation, state)) : NoticeView.Absent(now.Groups, "goroutines", now);
        }

        if (Table(input) is not { } table) return Absent(observation);
        return state.View switch
        {
            GoroutineViews.Creators => ListOrNotice.Of(CreatorRows.Of(Creators(table), table.Rows.Length, state)),
            GoroutineViews.Ages => ListOrNotice.Of(AgeRows.Of(table)),
            GoroutineViews.Labels => table.LabelSets.TryGet(out var sets) ? ListOrNotice.Of(LabelRows.Of(table, _labels.Get(new SameObject(table), (table, sets), static made => LabelCounts.Of(made.table, made.sets)), state)) : NoticeView.Absent(table.LabelSets, "labels", now),
            _ => table.Waits.TryGet(out GoroutineWaits? waits) ? ListOrNotice.Of(WaitRows.Of(table, waits, WaitIndex(input)!, state)) : NoticeView.Absent(table.Waits, "waits", now),
        };
    }

    private static ListOrNotice DiffOf(PaneInput input)
    {
        if (input.Comparison is not { } moments) return ChangeRows.NothingMarked;
        Snapshot then = moments.Then.Now, now = moments.Now.Now;
        if (!then.Groups.HasValue) return NoticeView.Absent(then.Groups, "goroutines at the marked moment", then);
        return now.Groups.HasValue ? ListOrNotice.Of(ChangeRows.Of(moments, input.State)) : NoticeView.Absent(now.Groups, "goroutines", now);
    }

    private CreatorTree Creators(GoroutineTable table) => _creators.Get(new SameObject(table), table, static made => new CreatorTree(made));
}
