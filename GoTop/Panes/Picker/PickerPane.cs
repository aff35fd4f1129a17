using System.Collections.Immutable;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Picker;

/// <param name="Selected">Told in full below the table where there is room.</param>
public sealed record PickerView(NoticeView? Notice, string Title, TableView? Table, GoProcess? Selected);

/// <summary>The Go processes of this machine: what to attach to, and what each would let itself be seen by.</summary>
public sealed class PickerPane : Pane<PickerView>
{
    private const int HeadRows = 1;

    private readonly LastResult<(ImmutableArray<GoProcess> Processes, string Filter, int Sort, bool Inverted), ProcessRows> _rows = new();

    public override string Id => "picker";

    public override string Title => "Services";

    /// <summary>The process that Enter attaches to; null when none is listed.</summary>
    public GoProcess? SelectedProcess(PaneInput input)
    {
        if (Rows(input) is not { } rows) return null;
        int selected = ListNavigation.Resolve(input.State, rows, VisibleRows(input)).Selected;
        return selected < 0 ? null : rows.Processes[selected];
    }

    public override ImmutableArray<string> SortColumns(PaneInput input) => [.. ProcessRows.Columns.Select(column => column.Title)];

    public override PickerView Build(PaneInput input)
    {
        Reading<ImmutableArray<GoProcess>> processes = input.App.Processes;
        if (Rows(input) is not { } rows) return new PickerView(Absent(processes), "", null, null);
        if (processes.Value.IsEmpty) return new PickerView(NoProcesses, "", null, null);
        (int selected, int top) = ListNavigation.Resolve(input.State, rows, VisibleRows(input));
        TableView table = new(ProcessRows.Columns, rows.Count, rows.Cell)
        {
            Top = top,
            Selected = selected,
            SortColumn = input.State.SortColumn,
            Descending = input.State.Inverted,
            IsStale = processes.State == ReadingState.Stale,
        };
        string title = input.State.Filter.Length > 0
            ? $"{Figures.Count(rows.Count)} of {Figures.Count(processes.Value.Length)} Go processes: {input.State.Filter}"
            : $"{Figures.Counted(rows.Count, "Go process", "Go processes")} on this machine; Enter watches one";
        return new PickerView(null, title, table, selected < 0 ? null : rows.Processes[selected]);
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = ListNavigation.HandleSort(input.State, command, ProcessRows.Columns, input.Width);
        if (!ReferenceEquals(state, input.State) || Rows(input) is not { } rows) return state;
        // What Enter does is the application's; it finds the key of the process in the selection.
        if (command == PaneCommand.Open && SelectedProcess(input)?.Identity.Process is { } key) return state with { Selected = key };
        return ListNavigation.Handle(state, command, rows, VisibleRows(input));
    }

    protected override void Draw(PickerView view, DrawContext context)
    {
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height, detail = DetailRows(height);
        context.Write(0, 0, view.Title, Tone.Title);
        Table.Draw(view.Table!, context.Slice(0, HeadRows, width, height - HeadRows - detail));
        if (view.Table!.RowCount == 0) context.Write(0, HeadRows + Table.HeadRows, "Nothing passes the filter.", Tone.Dim);
        if (detail > 0 && view.Selected is { } selected) DrawDetail(selected, context.Slice(0, height - detail, width, detail));
    }

    private static void DrawDetail(GoProcess process, DrawContext context)
    {
        DrawContext inside = Box.Ruled(context, process.Identity.Name);
        inside.Write(0, 0, "program  ", Tone.Dim);
        inside.Write(9, 0, inside.Surface.Width - 9, PathOf(process.Identity), context.Theme.Text, Fit.Start);
        Table.Draw(SourceTable.Of(process.Sources), inside.Slice(0, 1, inside.Surface.Width, inside.Surface.Height - 1));
    }

    private static string PathOf(TargetIdentity identity)
    {
        Figure path = Figure.Of(identity.Path, text => text);
        return path.IsMissing ? $"{path.Text} {path.Reason}" : path.Text;
    }

    private static int DetailRows(int height) => height >= 18 ? 8 : 0;

    private static int VisibleRows(PaneInput input) => Math.Max(0, input.Height - HeadRows - Table.HeadRows - DetailRows(input.Height));

    private static NoticeView NoProcesses { get; } = new(
        Tone.Accent, "No Go process found", "None of the processes that this user may look at is a Go program.",
        "Press d for the demo, R to look again; start GoTop as administrator or root to see the processes of all users, or give it a URL.", []);

    private static NoticeView Absent(Reading<ImmutableArray<GoProcess>> processes) => new(
        processes.State == ReadingState.NotYet ? Tone.Accent : Tone.Critical,
        processes.State == ReadingState.NotYet ? "Looking for Go processes" : "The processes cannot be listed",
        processes.State == ReadingState.NotYet ? null : Figure.Why(processes.State, processes.Reason),
        "Press d for the demo.", []);

    private ProcessRows? Rows(PaneInput input) => input.App.Processes.TryGet(out ImmutableArray<GoProcess> processes)
        ? _rows.Get(
            (processes, input.State.Filter, input.State.SortColumn, input.State.Inverted),
            (processes, input.State),
            static made => ProcessRows.Of(made.processes, made.State))
        : null;
}
