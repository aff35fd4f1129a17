using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Panes;
using GoTop.Panes.Fleet;
using GoTop.Tests.Fleet;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class FleetPaneTests
{
    private static readonly FleetPane Pane = new();

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    public void Groups_an_opened_group_and_an_opened_target_are_drawn(int width, int height)
    {
        string size = FormattableString.Invariant($"{width}x{height}");
        PaneInput services = After(Input(width, height), PaneCommand.NextView);
        Check($"fleet-services-{size}", services);
        Check($"fleet-service-{size}", After(services, PaneCommand.Open));
        Check($"fleet-hosts-{size}", After(services, PaneCommand.NextView, PaneCommand.NextView));
        Check($"fleet-opened-{size}", Opened(Input(width, height)));
        PaneInput without = Opened(Input(width, height));
        Check($"fleet-opened-{size}-nopast", without with { App = without.App with { FleetDetail = new FleetDetail(FleetSample.Odd.Row.Id, Reading.Failed<FleetHistory>("503 Service Unavailable for a query")) } });
    }

    [Fact]
    public void The_worst_comes_first_and_each_state_is_told()
    {
        FleetView view = Pane.Build(Input());
        Assert.Equal(["down", "alert", "limit", "odd", "young", "ok", "ok", "ok", "ok"], Column(view, 0));
        Assert.Equal("9 targets, 1 down, 4 in trouble", view.Status);
        Assert.Equal("checkout-2", view.Selected!.Row.Name);
    }

    [Fact]
    public void Every_column_sorts_and_who_does_not_tell_a_figure_is_last_either_way()
    {
        PaneInput input = Input(200);
        Assert.Equal(13, Pane.SortColumns(input).Length);
        int goroutines = Pane.SortColumns(input).IndexOf("GOROUTINES");
        PaneInput sorted = input with { State = input.State with { SortColumn = goroutines } };
        string[] down = Column(Pane.Build(sorted), goroutines), up = Column(Pane.Build(sorted with { State = sorted.State with { Inverted = true } }), goroutines);
        Assert.Equal(("12,041", "–"), (down[0], down[^1]));
        Assert.Equal(("88", "–"), (up[0], up[^1]));
        Assert.Equal("billing", Column(Pane.Build(input with { State = input.State with { SortColumn = 1 } }), 1)[0]);
    }

    [Fact]
    public void A_filter_finds_what_is_shown_of_a_target()
    {
        Assert.Equal(5, Rows("windows"));
        Assert.Equal(1, Rows("goroutines against"));
        Assert.Equal(1, Rows("checkout down"));
        Assert.Equal(8, Rows("!down"));
        Assert.Equal(0, Rows("no such thing"));

        static int Rows(string filter) => Pane.Build(Input() with { State = PaneState.Initial with { Filter = filter } }).Table!.RowCount;
    }

    [Fact]
    public void Enter_selects_what_the_application_can_watch_and_opens_all_else_and_right_opens_both()
    {
        PaneInput first = Input();
        PaneInput entered = After(first, PaneCommand.Open);
        Assert.Equal(new FleetTargetKey("test:checkout-2"), entered.State.Selected);
        Assert.Null(FleetPane.OpenedTarget(entered.State));
        Assert.Equal(new FleetTargetKey("test:checkout-2"), FleetPane.OpenedTarget(After(first, PaneCommand.Right).State));
        PaneInput second = After(first, PaneCommand.Down, PaneCommand.Open);
        Assert.Equal("10.0.1.1:9100", Pane.Build(second).Opened!.Row.Row.Name);
        Assert.Null(FleetPane.OpenedTarget(After(second, PaneCommand.Back).State));
        Assert.Null(FleetPane.OpenedTarget(After(second, PaneCommand.Left).State));
    }

    [Fact]
    public void A_group_holds_its_own_targets_alone_and_esc_goes_back_to_the_groups()
    {
        PaneInput groups = After(Input(), PaneCommand.NextView);
        PaneInput opened = After(groups, PaneCommand.Down, PaneCommand.Open);
        Assert.All(Column(Pane.Build(opened), 1), service => Assert.Equal("billing", service));
        Assert.Equal(3, Pane.Build(opened).Table!.RowCount);
        Assert.Equal(2, Pane.Build(After(opened, PaneCommand.Back)).Table!.RowCount);
        Assert.Equal(["win-1", "win-2", "win-3"], Column(Pane.Build(After(groups, PaneCommand.NextView, PaneCommand.NextView)), 1).Where(host => host.StartsWith("win", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void A_target_that_is_gone_says_so_and_does_not_fail()
    {
        PaneInput opened = Opened(Input());
        FleetView view = Pane.Build(opened with { App = opened.App with { Fleet = Reading.Of(FleetRows.Snapshot()) } });
        Assert.Equal("The target is gone", view.Notice!.Title);
    }

    [Fact]
    public void Without_a_fleet_it_says_what_makes_one()
    {
        PaneInput none = Input() with { App = AppFacts.Empty with { Fleet = Reading.NotSupported<FleetSnapshot>("gotop.toml names neither a target with an address nor an engine") } };
        Check("fleet-80x22-none", none with { Width = 80, Height = 22 });
        Assert.Equal("There is no fleet", Pane.Build(none).Notice!.Title);
    }

    [Fact]
    public void Ten_thousand_rows_are_shown_sorted_and_moved_through()
    {
        FleetSnapshot many = FleetRows.Snapshot([.. Enumerable.Range(0, 10_000).Select(i => FleetRows.Goroutines($"r{i:00000}", 100 + (i % 7)))]);
        PaneInput input = Input() with { App = AppFacts.Empty with { Fleet = Reading.Of(many) } };
        PaneInput end = After(input, PaneCommand.NextSort, PaneCommand.NextSort, PaneCommand.End);
        Assert.Equal(new FleetTargetKey("test:r09999"), end.State.Selected);
        Assert.Contains("r09999", GoldenScreens.Draw(Pane, end).ToString(), StringComparison.Ordinal);
    }

    private static PaneInput Input(int width = 120, int height = 38) =>
        new(null, PaneState.Initial, AppFacts.Empty with { Fleet = Reading.Of(FleetSample.Fleet), FleetDetail = new FleetDetail(FleetSample.Odd.Row.Id, Reading.Of(FleetSample.Past)) }, width, height);

    private static PaneInput Opened(PaneInput input) => After(input with { State = input.State with { Selected = new FleetTargetKey(FleetSample.Odd.Row.Id) } }, PaneCommand.Right);

    private static PaneInput After(PaneInput input, params PaneCommand[] commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = Pane.Handle(command, input) };
        return input;
    }

    private static string[] Column(FleetView view, int column) => [.. Enumerable.Range(0, view.Table!.RowCount).Select(row => view.Table.Cell(row, column).Text)];

    private static void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(Pane, input).ToString());
}
