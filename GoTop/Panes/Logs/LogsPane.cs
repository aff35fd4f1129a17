using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

/// <param name="Lines">Those that are shown, oldest first.</param>
/// <param name="Below">How many newer lines are out of sight.</param>
/// <param name="Skip">Columns that the lines are shifted to the left by.</param>
public sealed record LogsView(string? Ended, string Title, string Status, Tone StatusTone, ImmutableArray<LogLine> Lines, int Below, int Skip, string Empty);

/// <summary>The target's log, or GoTop's own. The newest line is at the bottom, and the view stays there while it follows.</summary>
public sealed class LogsPane : Pane<LogsView>
{
    private const int OwnView = 1;
    private const int ViewCount = 2;
    private const int ColumnsPerStep = 20;
    private const int HeadRows = 1;

    private readonly LastResult<(ImmutableArray<LogLine> Lines, string Filter), ImmutableArray<LogLine>> _filtered = new();

    public override string Id => "logs";

    public override string Title => "Logs";

    public override LogsView Build(PaneInput input)
    {
        PaneState state = input.State;
        ImmutableArray<LogLine> lines = Lines(input);
        int rows = Rows(input), end = End(lines, state), start = Math.Max(0, end - rows), total = All(input).Length;
        // While it does not fill the view, an older part is shown from its first line.
        end = Math.Min(lines.Length, Math.Max(end, Math.Min(rows, lines.Length)));
        bool own = state.View == OwnView;
        string title = own ? "GoTop's own log" : input.Observation is { } observation ? $"Log of {observation.Now.Target.Name}" : "Log";
        string matching = state.Filter.Length > 0 ? $"{Figures.Count(lines.Length)} of {Figures.Counted(total, "line")}: {state.Filter}" : $"{Figures.Counted(total, "line")}";
        long dropped = own ? 0 : input.Observation?.LogLinesDropped ?? 0;
        if (dropped > 0) matching += $", {Figures.Count(dropped)} came too fast and were dropped";
        string following = IsFollowing(state) ? "following" : $"held, {Figures.Count(lines.Length - end)} newer below";
        return new LogsView(
            own ? null : PaneFrame.Ended(input.Observation), title, $"{matching}; {following}",
            dropped > 0 || !IsFollowing(state) ? Tone.Warning : Tone.Dim,
            lines[start..end], lines.Length - end, state.Across * ColumnsPerStep, Empty(input, total));
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        ImmutableArray<LogLine> lines = Lines(input);
        int end = End(lines, state), page = Math.Max(1, Rows(input) - 1);
        return command switch
        {
            PaneCommand.NextView => PaneState.Initial with { View = (state.View + 1) % ViewCount, Filter = state.Filter },
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

    protected override void Draw(LogsView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        int width = context.Surface.Width, rows = context.Surface.Height - HeadRows;
        int end = context.Write(0, 0, view.Title, Tone.Title);
        context.Write(end + 3, 0, view.Status, view.StatusTone);
        if (view.Lines.IsEmpty) context.WriteWrapped(0, 1, width, Math.Max(0, rows), view.Empty, context.Theme.DimText);
        bool clock = width >= 60;
        for (int i = 0; i < view.Lines.Length; i++)
        {
            LogLine line = view.Lines[i];
            int y = HeadRows + Math.Max(0, rows - view.Lines.Length) + i;
            int x = context.Write(0, y, clock ? Figures.Clock(context.ToZone(line.Time)) : "", Tone.Dim);
            if (clock) x += 2;
            ReadOnlySpan<char> text = line.Text;
            context.Write(x, y, width - x, text[Math.Min(view.Skip, text.Length)..], context.Theme.Style(ToneOf(line.Text)));
        }
    }

    private static bool IsFollowing(PaneState state) => state.Selected is null;

    private static int Rows(PaneInput input) =>
        Math.Max(1, input.Height - HeadRows - (input.State.View == OwnView ? 0 : PaneFrame.RowsTaken(input.Observation)));

    private static ImmutableArray<LogLine> All(PaneInput input) =>
        input.State.View == OwnView ? input.App.OwnLog : input.Observation?.LogLines ?? [];

    private ImmutableArray<LogLine> Lines(PaneInput input)
    {
        ImmutableArray<LogLine> all = All(input);
        return input.State.Filter.Length == 0
            ? all
            : _filtered.Get((all, input.State.Filter), (all, input.State.Filter), static made =>
            {
                TextFilter filter = new(made.Filter);
                return [.. made.all.Where(line => filter.Matches(line.Text))];
            });
    }

    /// <summary>The line after the lowest shown. A held line that has left the log by now leaves the oldest ones in view.</summary>
    private static int End(ImmutableArray<LogLine> lines, PaneState state) =>
        state.Selected is LogLine held ? lines.LastIndexOf(held) + 1 : lines.Length;

    private static string Empty(PaneInput input, int total)
    {
        if (total > 0) return "No line passes the filter.";
        if (input.State.View == OwnView) return "GoTop has logged nothing yet.";
        if (input.Observation is not { } observation) return NoticeView.NoObservation.Title + ".";
        SourceStatus? logs = observation.Now.Sources.FirstOrDefault(source => source.Name.StartsWith("log", StringComparison.Ordinal));
        return logs switch
        {
            null => "No log is read for this target: name its log file, or its service, in the configuration.",
            { State: SourceState.Ok } => "Nothing has been logged since GoTop attached.",
            _ => $"{SourceTable.WordOf(logs.State)}: {logs.Reason}",
        };
    }

    /// <summary>By the level words that loggers write in capitals, near the line's beginning.</summary>
    private static Tone ToneOf(string line)
    {
        ReadOnlySpan<char> head = line.AsSpan(0, Math.Min(line.Length, 80));
        if (head.Contains("ERROR", StringComparison.Ordinal) || head.Contains("FATAL", StringComparison.Ordinal)
            || head.Contains("level=error", StringComparison.Ordinal) || head.StartsWith("panic:", StringComparison.Ordinal)
            || head.StartsWith("fatal error:", StringComparison.Ordinal)) return Tone.Critical;
        if (head.Contains("WARN", StringComparison.Ordinal) || head.Contains("level=warn", StringComparison.Ordinal)) return Tone.Warning;
        return head.Contains("DEBUG", StringComparison.Ordinal) ? Tone.Dim : Tone.Normal;
    }
}
