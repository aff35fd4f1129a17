using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

/// <summary>
/// The target's logs: lines, patterns and panics; and GoTop's own. The newest line is at the bottom, and the view stays there
/// while it follows.
/// </summary>
public sealed class LogsPane : Pane<LogsView>
{
    private const int LinesView = 0, PatternsView = 1, PanicsView = 2, OwnView = 3;
    private const int ColumnsPerStep = 20;

    private readonly LastResult<string, (LogFilter? Filter, LogFilterError? Error)> _parsed = new();
    private readonly LastResult<(ImmutableArray<LogEntry> Lines, string Filter), ImmutableArray<LogEntry>> _filtered = new();
    private readonly LastResult<(SameObject Now, int View, string Filter, int Sort, bool Inverted), SortableTable> _table = new();

    public override string Id => "logs";

    public override string Title => "Logs";

    public override ImmutableArray<string> Views { get; } = ["lines", "patterns", "panics", "GoTop's"];

    public override ImmutableArray<string> SortColumns(PaneInput input) => input.State.Levels.IsEmpty && input.State.View switch
    {
        PatternsView => LogTables.PatternColumns,
        PanicsView => LogTables.CrashColumns,
        _ => [],
    } is { IsEmpty: false } columns ? [.. columns.Select(column => column.Title)] : [];

    public override bool HasRows(PaneState state) => state.View is PatternsView or PanicsView;

    public override bool HasFilter(PaneState state) => true;

    public override LogsView Build(PaneInput input)
    {
        int view = input.State.View;
        LogsView shown = view is PatternsView or PanicsView ? Tables(input) : Lines(input);
        return shown with
        {
            View = view,
            Ended = view == OwnView ? null : PaneFrame.Ended(input.Observation),
            Rates = HasRates(input) && input.Observation is { } observation ? LogWords.Rates(observation.Now.Log) : [],
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        if (command == PaneCommand.NextView) return PaneState.Initial with { View = (state.View + 1) % Views.Length };
        return state.View is PatternsView or PanicsView ? HandleTable(command, input) : HandleLines(command, input);
    }

    protected override void Draw(LogsView view, DrawContext context) => LogsDrawing.Draw(view, context);

    private LogsView Lines(PaneInput input)
    {
        PaneState state = input.State;
        ImmutableArray<LogEntry> lines = Filtered(input, out LogFilterError? error);
        int rows = Rows(input), end = End(lines, state), start = Math.Max(0, end - rows), total = All(input).Length;
        // While it does not fill the view, an older part is shown from its first line.
        end = Math.Min(lines.Length, Math.Max(end, Math.Min(rows, lines.Length)));
        bool own = state.View == OwnView;
        string matching = error is not null ? $"filter: {error}"
            : state.Filter.Length > 0 ? $"{Figures.Count(lines.Length)} of {Figures.Counted(total, "line")}: {state.Filter}" : $"{Figures.Counted(total, "line")}";
        long dropped = own ? 0 : input.Observation?.LogLinesDropped ?? 0;
        if (dropped > 0 && error is null) matching += $", {Figures.Count(dropped)} more only counted";
        string following = IsFollowing(state) ? "following" : $"held, {Figures.Count(lines.Length - end)} newer below";
        ImmutableArray<LogEntry> visible = lines[start..end];
        return new LogsView
        {
            Views = Views,
            Status = error is null ? $"{matching}; {following}" : matching,
            StatusTone = error is not null || !IsFollowing(state) ? Tone.Warning : Tone.Dim,
            Lines = visible,
            Below = lines.Length - end,
            Skip = state.Across * ColumnsPerStep,
            ShowsOrigins = !own && visible.Any(line => line.Line.Origin != visible[0].Line.Origin),
            Empty = Empty(input, total),
        };
    }

    private LogsView Tables(PaneInput input)
    {
        PaneState state = input.State;
        if (input.Observation is not { } observation) return new LogsView { Views = Views, Status = "", Empty = NoticeView.NoObservation.Title + "." };
        if (!observation.Now.Facts.Logs.TryGet(out LogCounters? logs)) return new LogsView { Views = Views, Status = "", Empty = WhyNone(input) };
        if (Opened(state) is { } key)
        {
            LogCrash? crash = logs.Crashes.FirstOrDefault(candidate => LogTables.KeyOf(candidate).Equals(key));
            return new LogsView { Views = Views, Status = "Esc goes back", Empty = "It is not kept any more.", Table = crash is null ? null : LogTables.PageTable(crash, state, VisibleRows(input)) };
        }

        SortableTable table = Table(input, observation.Now, logs);
        bool patterns = state.View == PatternsView;
        string since = $"since {Figures.Clock(logs.Since)}";
        string status = patterns
            ? $"{Figures.Count(table.Count)} {since}{(logs.LinesOfOtherPatterns > 0 ? $", {Figures.Count(logs.LinesOfOtherPatterns)} lines of others" : "")}; Enter: its lines"
            : $"{Figures.Count(table.Count)}, {Figures.Count(logs.CrashTotal)} times {since}";
        return new LogsView
        {
            Views = Views,
            Status = state.Filter.Length > 0 ? $"{status}: {state.Filter}" : status,
            Table = table.Count == 0 ? null : table.View(state, VisibleRows(input)),
            Empty = state.Filter.Length > 0 ? "Nothing passes the filter." : patterns ? "No line yet." : "No panic or fatal error stands in its logs, as far as they were read.",
        };
    }

    private SortableTable Table(PaneInput input, Snapshot now, LogCounters logs)
    {
        PaneState state = input.State;
        return _table.Get(
            (new SameObject(now), state.View, state.Filter, state.SortColumn, state.Inverted), (now, logs, state),
            static made => made.state.View == PatternsView ? LogTables.Patterns(made.now.Log.Patterns.ValueOr([]), made.state) : LogTables.Crashes(made.logs.Crashes, made.state));
    }

    private PaneState HandleTable(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        if (command == PaneCommand.Back) return ListNavigation.Close(state);
        if (input.Observation?.Now is not { } now || !now.Facts.Logs.TryGet(out LogCounters? logs)) return state;
        int visible = VisibleRows(input);
        if (Opened(state) is { } key)
        {
            LogCrash? crash = logs.Crashes.FirstOrDefault(candidate => LogTables.KeyOf(candidate).Equals(key));
            return crash is null ? state : ListNavigation.Handle(state, command, new NumberedRows(LogTables.Page(crash).Length), visible);
        }

        SortableTable table = Table(input, now, logs);
        int selected = command == PaneCommand.Open ? ListNavigation.Resolve(state, table, visible).Selected : -1;
        if (selected >= 0 && state.View == PanicsView) return ListNavigation.Open(state, table.KeyAt(selected));
        if (selected >= 0 && table.KeyAt(selected) is (string template, LineLevel level) && logs.Patterns.FirstOrDefault(pattern => pattern.Template == template && pattern.Level == level) is { } opened)
            return PaneState.Initial with { View = LinesView, Filter = LogTables.FilterOf(opened) };
        return command is PaneCommand.NextSort or PaneCommand.Invert
            ? ListNavigation.HandleSort(state, command, table.Columns, input.Width)
            : ListNavigation.Handle(state, command, table, visible);
    }

    private PaneState HandleLines(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        ImmutableArray<LogEntry> lines = Filtered(input, out _);
        int end = End(lines, state), page = Math.Max(1, Rows(input) - 1);
        return command switch
        {
            PaneCommand.Up => HoldAt(end - 1),
            PaneCommand.Down => HoldAt(end + 1),
            PaneCommand.PageUp => HoldAt(end - page),
            PaneCommand.PageDown => HoldAt(end + page),
            PaneCommand.Home => HoldAt(0),
            PaneCommand.End => state with { Selected = null },
            PaneCommand.Follow => IsFollowing(state) ? HoldAt(end, hold: true) : state with { Selected = null },
            PaneCommand.Left => state with { Across = Math.Max(0, state.Across - 1) },
            PaneCommand.Right => state with { Across = Math.Min(50, state.Across + 1) },
            _ => state,
        };

        // Held at the line that is the lowest one shown; at the end of the log it follows again.
        PaneState HoldAt(int newEnd, bool hold = false)
        {
            newEnd = Math.Clamp(newEnd, Math.Min(Rows(input), lines.Length), lines.Length);
            return newEnd == 0 || (newEnd == lines.Length && !hold) ? state with { Selected = null } : state with { Selected = lines[newEnd - 1] };
        }
    }

    private static object? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened;

    private static bool IsFollowing(PaneState state) => state.Selected is null;

    private static bool HasRates(PaneInput input) => input.State.View != OwnView && input.Height >= LogsDrawing.LeastHeightForRates && input.Observation is { } observation && observation.Now.Facts.Logs.HasValue;

    private static int Rows(PaneInput input) => Math.Max(
        1, input.Height - LogsDrawing.HeadRows - (HasRates(input) ? 1 : 0) - (input.State.View == OwnView ? 0 : PaneFrame.RowsTaken(input.Observation)));

    private static int VisibleRows(PaneInput input) => Math.Max(1, Rows(input) - Widgets.Table.HeadRows);

    private static ImmutableArray<LogEntry> All(PaneInput input) =>
        input.State.View == OwnView ? input.App.OwnLog : input.Observation?.LogLines ?? [];

    /// <param name="error">What is wrong with the filter, which then passes everything: it may be half typed.</param>
    private ImmutableArray<LogEntry> Filtered(PaneInput input, out LogFilterError? error)
    {
        ImmutableArray<LogEntry> all = All(input);
        (LogFilter? filter, error) = _parsed.Get(
            input.State.Filter, input.State.Filter, static text => (LogFilter.TryParse(text, out LogFilter? made, out LogFilterError? wrong) ? made : null, wrong));
        if (filter is null || filter.IsEmpty) return all;
        return _filtered.Get((all, input.State.Filter), (all, filter), static made => [.. made.all.Where(made.filter.Matches)]);
    }

    /// <summary>The line after the lowest shown. A held line that has left the log by now leaves the oldest ones in view.</summary>
    private static int End(ImmutableArray<LogEntry> lines, PaneState state) =>
        state.Selected is LogEntry held ? lines.LastIndexOf(held) + 1 : lines.Length;

    private static string Empty(PaneInput input, int total)
    {
        if (total > 0) return "No line passes the filter.";
        if (input.State.View == OwnView) return "GoTop has logged nothing yet.";
        if (input.Observation is not { } observation) return NoticeView.NoObservation.Title + ".";
        return observation.WhyNoLogLines ?? WhyNone(input);
    }

    private static string WhyNone(PaneInput input)
    {
        SourceStatus? logs = input.Observation!.Now.Sources.FirstOrDefault(source => source.Name.StartsWith("log", StringComparison.Ordinal));
        return logs switch
        {
            null => "No log is read for this target: name its log file, or its service, in the configuration.",
            { State: SourceState.Ok } => "Nothing has been logged since GoTop attached.",
            _ => $"{SourceTable.WordOf(logs.State)}: {logs.Reason}",
        };
    }
}
