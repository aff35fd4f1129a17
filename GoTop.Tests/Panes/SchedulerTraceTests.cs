using GoTop.Panes;
using GoTop.Panes.Scheduler;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>How one moves in what the scheduler pane shows of a trace.</summary>
public sealed class SchedulerTraceTests
{
    private readonly SchedulerPane _pane = new();

    [Fact]
    public void The_real_service_in_trouble_is_named_by_function_and_line()
    {
        TraceSummary summary = _pane.Build(Input(0)).Summary!;
        Assert.Contains(summary.Answers, answer => answer is { Subject: "blocking", YesOrNo: "YES" } && answer.Text.StartsWith("main.(*ledger).book main.go:47 [sync]", StringComparison.Ordinal));
        Assert.Contains(summary.Answers, answer => answer is { Subject: "syscalls", YesOrNo: "yes" } && answer.Text.StartsWith("main.blockThread block_unix.go:12, from main.(*archive).readSlow main.go:98:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_cursor_starts_where_the_world_was_stopped_longest_and_moves_by_columns()
    {
        PaneInput input = Input(1) with { Observation = TraceReports.With(Observations.Leak, TraceReports.Trouble) };
        TimelinePart start = _pane.Build(input).Timeline!;
        Assert.Contains("STW 100%", start.Readout, StringComparison.Ordinal);
        Assert.Equal(start.Lanes.Cursor + 2, _pane.Build(After(input, PaneCommand.Right, PaneCommand.Right)).Timeline!.Lanes.Cursor);
        Assert.Equal(0, _pane.Build(After(input, PaneCommand.Home, PaneCommand.Left)).Timeline!.Lanes.Cursor);
        TimelinePart end = _pane.Build(After(input, PaneCommand.End, PaneCommand.Right)).Timeline!;
        Assert.Equal(end.Lanes.Pinned[0].Parts.Length - 1, end.Lanes.Cursor);
    }

    [Fact]
    public void Where_a_column_is_finer_than_a_bucket_every_bucket_can_be_reached()
    {
        PaneInput input = Input(1, 200) with { Observation = TraceReports.With(Observations.Leak, TraceReports.Trouble with { Timeline = TraceReports.Timeline(2, 40, 25_000_000) }) };
        PaneInput at = After(input, PaneCommand.Home);
        HashSet<string> seen = [];
        for (int i = 0; i < 40; i++)
        {
            seen.Add(_pane.Build(at).Timeline!.Readout.Split(':')[0]);
            at = After(at, PaneCommand.Right);
        }

        Assert.Equal(40, seen.Count);
    }

    [Fact]
    public void More_ps_than_rows_scroll()
    {
        PaneInput input = Input(1) with { Observation = TraceReports.With(Observations.Leak, TraceReports.Trouble with { Timeline = TraceReports.Timeline(128, 500, 2_000_000) }) };
        Assert.Contains("P0 ", GoldenScreens.Draw(_pane, input).ToString(), StringComparison.Ordinal);
        PaneInput end = After(input, [.. Enumerable.Repeat(PaneCommand.PageDown, 20)]);
        Assert.Contains("P127 ", GoldenScreens.Draw(_pane, end).ToString(), StringComparison.Ordinal);
        Assert.Equal(end.State, After(end, PaneCommand.Down).State);
    }

    [Fact]
    public void Waits_are_sorted_filtered_and_opened()
    {
        PaneInput input = Input(3);
        Assert.Equal(["TOTAL", "COUNT", "LONGEST", "REASON", "WHERE", "ENDED BY, OR CALLER"], _pane.SortColumns(input));
        Assert.StartsWith("1m47s", Cell(input, 0, 0), StringComparison.Ordinal);
        PaneInput byCount = After(input, PaneCommand.NextSort);
        Assert.Equal("434", Cell(byCount, 0, 1));
        PaneInput filtered = input with { State = input.State with { Filter = "syscall blockThread" } };
        Assert.Equal(1, _pane.Build(filtered).List!.Table.RowCount);
        Assert.Empty(_pane.SortColumns(After(filtered, PaneCommand.Open)));
        Assert.Contains("main.blockThread block_unix.go:12 [syscall]", _pane.Build(After(filtered, PaneCommand.Open)).Opened!.Title, StringComparison.Ordinal);
        Assert.Equal(filtered.State, After(filtered, PaneCommand.Open, PaneCommand.Back).State);
    }

    [Fact]
    public void An_opened_place_shows_its_figures_of_the_next_trace_or_that_it_is_not_in_it()
    {
        PaneInput opened = After(Input(3), PaneCommand.Open);
        Assert.Contains("240 times", _pane.Build(opened).Opened!.Lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("Not in the latest trace", _pane.Build(opened with { Observation = TraceReports.With(Observations.Leak, TraceReports.Idle) }).Opened!.Lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_go_round_and_start_at_their_top()
    {
        PaneInput input = After(Input(2), PaneCommand.Down, PaneCommand.NextView);
        Assert.Equal(PaneState.Initial with { View = 3 }, input.State);
        Assert.Equal(0, After(Input(5), PaneCommand.NextView).State.View);
    }

    private static PaneInput Input(int view, int width = 80) =>
        new(TraceReports.With(Observations.Leak, TraceReports.Real), PaneState.Initial with { View = view }, AppFacts.Empty, width, 21);

    private string Cell(PaneInput input, int row, int column) => _pane.Build(input).List!.Table.Cell(row, column).Text;

    private PaneInput After(PaneInput input, params PaneCommand[] commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }
}
