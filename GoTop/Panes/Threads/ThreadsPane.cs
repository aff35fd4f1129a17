using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

/// <summary>The target's OS threads: on which core each is, how long it waits for one, and which goroutine it runs.</summary>
public sealed class ThreadsPane : Pane<ThreadsView>
{
    private readonly LastResult<(SameObject Now, string Filter, int Sort, bool Inverted), SortableTable> _table = new();
    private readonly LastResult<(SameObject Observation, int Thread), ThreadPage> _page = new();

    public override string Id => "threads";

    public override string Title => "Threads";

    public override string ShortTitle => "Thrd";

    public override string? TabKey => "O";

    /// <summary>The list is made of counters, which cost nothing; only what an open thread shows is made of events.</summary>
    public override Interest Interest(PaneInput input)
    {
        if (Opened(input.State) is not { } id) return base.Interest(input);
        return new Interest { KernelEvents = true, Goroutine = Goroutine(input, id) };
    }

    public override ImmutableArray<string> SortColumns(PaneInput input) =>
        input.State.Levels.IsEmpty && Rows(input) is { } table ? [.. table.Columns.Select(column => column.Title)] : [];

    public override ThreadsView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new ThreadsView { Notice = NoticeView.NoObservation };
        string? ended = PaneFrame.Ended(observation);
        Snapshot now = observation.Now;
        if (!now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads)) return new ThreadsView { Ended = ended, Notice = NoticeView.Absent(now.Threads, "threads", now) };
        int visible = VisibleRows(input);
        if (Opened(input.State) is { } id)
        {
            ThreadPage page = Page(observation, id);
            return new ThreadsView { Ended = ended, Title = page.Title, Lines = page.Lines, Table = page.Rows.Count == 0 ? null : page.Rows.Table(input.State, visible), Delays = page.Delays };
        }

        return new ThreadsView
        {
            Ended = ended,
            Lines = ThreadWords.Of(threads, now.Facts.Threads.Value, new GoroutineNames(now)),
            Table = Rows(input)!.View(input.State, visible),
            Empty = "No thread matches the filter.",
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        if (command == PaneCommand.Back) return ListNavigation.Close(state);
        if (input.Observation is not { } observation || Rows(input) is not { } table) return state;
        int visible = VisibleRows(input);
        if (Opened(state) is { } id) return ListNavigation.Handle(state, command, new NumberedRows(Page(observation, id).Rows.Count), visible);
        return command switch
        {
            PaneCommand.NextSort or PaneCommand.Invert => ListNavigation.HandleSort(state, command, table.Columns, input.Width),
            PaneCommand.Open when ListNavigation.Resolve(state, table, visible).Selected is >= 0 and int row => ListNavigation.Open(state, table.KeyAt(row)),
            _ => ListNavigation.Handle(state, command, table, visible),
        };
    }

    protected override void Draw(ThreadsView view, DrawContext context) => ThreadsDrawing.Draw(view, context);

    private static int? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened as int?;

    private static long? Goroutine(PaneInput input, int id)
    {
        if (input.Observation is not { } observation || !observation.Now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads)) return null;
        return threads.FirstOrDefault(thread => thread.Id == id)?.Go is { HasValue: true } go ? go.Value.Goroutine ?? go.Value.LockedGoroutine : null;
    }

    private static int VisibleRows(PaneInput input)
    {
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return Math.Max(1, height - ThreadsDrawing.HeadRows(height, !input.State.Levels.IsEmpty) - Table.HeadRows);
    }

    private ThreadPage Page(Observation observation, int id) => _page.Get((new SameObject(observation), id), observation, made => ThreadPage.Of(made, id));

    private SortableTable? Rows(PaneInput input)
    {
        if (input.Observation?.Now is not { } now || !now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads)) return null;
        PaneState state = input.State;
        return _table.Get((new SameObject(now), state.Filter, state.SortColumn, state.Inverted), state, made => ThreadRows.Of(now, threads, new GoroutineNames(now), made));
    }
}
