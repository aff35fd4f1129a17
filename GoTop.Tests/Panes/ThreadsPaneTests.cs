using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Threads;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>Threads joined with Ms, goroutines and the kernel's events.</summary>
public sealed class ThreadsPaneTests
{
    private static readonly ThreadsPane Pane = new();

    [Fact]
    public void A_thread_names_the_goroutine_that_it_runs_and_what_that_was_started_with()
    {
        TableView table = Pane.Build(Input(Observations.Leak)).Table!;
        int row = RowOf(table, "4246");
        GoroutineTable goroutines = Observations.Leak.Now.Facts.Goroutines.Value;
        GoroutineRow goroutine = goroutines.Rows[1];
        Assert.Equal(Figures.Invariant($"{goroutine.Id}"), Cell(table, row, "GOROUTINE"));
        Assert.Equal(goroutines.Locations[goroutine.StartFunction].Function, Cell(table, row, "RUNS"));
        Assert.Equal(("1", "1"), (Cell(table, row, "M"), Cell(table, row, "P")));
        Assert.Equal("64.0%", Cell(table, row, "DELAY"));
        Assert.Equal(Tone.Critical, table.Cell(row, Column(table, "DELAY")).Tone);
    }

    [Fact]
    public void What_an_M_without_a_goroutine_does_is_told_and_what_is_no_M_too()
    {
        TableView table = Pane.Build(Input(Observations.Leak)).Table!;
        Assert.Equal("looks for work", Cell(table, RowOf(table, "4252"), "RUNS"));
        Assert.Equal("parked", Cell(table, RowOf(table, "4253"), "RUNS"));
        Assert.StartsWith("kept for goroutine", Cell(table, RowOf(table, "4254"), "RUNS"), StringComparison.Ordinal);
        Assert.Equal("the runtime's own, or ended", Cell(table, RowOf(table, "4251"), "RUNS"));
        Assert.Equal("not a thread of Go's", Cell(table, RowOf(table, "4256"), "RUNS"));
    }

    [Fact]
    public void Only_cores_that_differ_from_the_process_s_are_named()
    {
        TableView table = Pane.Build(Input(Observations.Leak)).Table!;
        Assert.Equal("2", Cell(table, RowOf(table, "4250"), "ALLOWED"));
        Assert.Equal("", Cell(table, RowOf(table, "4246"), "ALLOWED"));
    }

    [Fact]
    public void Any_column_sorts_and_any_text_filters()
    {
        PaneInput input = Input(Observations.Leak);
        Assert.Equal("4242", Cell(Pane.Build(input).Table!, 0, "TID"));
        PaneInput byDelay = input with { State = Pane.Handle(PaneCommand.NextSort, input) };
        Assert.Equal("4246", Cell(Pane.Build(byDelay).Table!, 0, "TID"));
        Assert.Equal(1, Pane.Build(input with { State = PaneState.Initial with { Filter = "ep_poll" } }).Table!.RowCount);
    }

    [Fact]
    public void Columns_of_events_are_there_only_while_events_are()
    {
        Assert.Contains("P99 WAIT", Pane.SortColumns(Input(Observations.Leak)));
        Assert.DoesNotContain("P99 WAIT", Pane.SortColumns(Input(Observations.Denied)));
    }

    [Fact]
    public void An_open_thread_asks_for_events_and_for_its_goroutine_s_stack()
    {
        PaneInput input = Input(Observations.Leak);
        Assert.Equal(Interest.None, Pane.Interest(input));
        PaneInput opened = Open(input, 4250);
        Interest interest = Pane.Interest(opened);
        Assert.True(interest.KernelEvents);
        Assert.Equal(Observations.Leak.Now.Facts.Goroutines.Value.Rows[5].Id, interest.Goroutine);
        Assert.Equal(input.State.Levels, Pane.Handle(PaneCommand.Back, opened).Levels);
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(200, 48)]
    [InlineData(40, 10)]
    public void An_open_thread_shows_its_time_who_ran_instead_and_the_stack(int width, int height)
    {
        PaneInput opened = Open(Input(Observations.Leak) with { Width = width, Height = height }, 4246);
        GoldenScreens.AssertSame($"threads-opened-{width}x{height}", GoldenScreens.Draw(Pane, opened).ToString());
    }

    [Fact]
    public void An_open_thread_that_has_ended_says_so() =>
        Assert.Contains("ended", Pane.Build(Open(Input(Observations.Leak), 99)).Lines[0].Text, StringComparison.Ordinal);

    [Fact]
    public void What_no_thread_has_is_said_once_above()
    {
        Snapshot now = Observations.Leak.Now;
        ImmutableArray<ThreadFigures> threads = [.. now.Threads.Value.Select(thread => thread with { RunQueueDelayPercent = Reading.NotSupported<double>("Windows counts it in kernel events only") })];
        ThreadsView view = Pane.Build(Input(Observations.Leak with { Now = now with { Threads = Reading.Of(threads) } }));
        Assert.Contains("kernel events only", view.Lines[1].Text, StringComparison.Ordinal);
        Assert.Equal(Figure.MissingText, Cell(view.Table!, 0, "DELAY"));
    }

    private static PaneInput Input(Observation observation) => new(observation, PaneState.Initial, AppFacts.Empty, 200, 48);

    private static PaneInput Open(PaneInput input, int thread) => input with { State = ListNavigation.Open(input.State, thread) };

    private static int Column(TableView table, string title) => table.Columns.IndexOf(table.Columns.Single(column => column.Title == title));

    private static string Cell(TableView table, int row, string title) => table.Cell(row, Column(table, title)).Text;

    private static int RowOf(TableView table, string thread) => Enumerable.Range(0, table.RowCount).Single(row => Cell(table, row, "TID") == thread);
}
