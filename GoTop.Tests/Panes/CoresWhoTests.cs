using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Cores;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>The cores' second view: who has each.</summary>
public sealed class CoresWhoTests
{
    private static readonly CoresPane Pane = new();

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(200, 48)]
    [InlineData(40, 10)]
    public void Each_core_has_its_place_its_shares_and_its_processes(int width, int height)
    {
        PaneInput input = Input(KernelObservations.Pinned, width, height);
        GoldenScreens.AssertSame($"cores-who-{width}x{height}", GoldenScreens.Draw(Pane, input).ToString());
        GoldenScreens.AssertSame($"cores-who-opened-{width}x{height}", GoldenScreens.Draw(Pane, input with { State = Pane.Handle(PaneCommand.Open, input) }).ToString());
    }

    [Fact]
    public void A_core_names_its_sibling_whether_it_may_be_used_and_who_has_it()
    {
        TableView table = Pane.Build(Input(KernelObservations.Pinned, 200, 48)).Table!;
        Assert.Equal("no", Cell(table, 0, "ALLOWED"));
        Assert.Equal("yes", Cell(table, 3, "ALLOWED"));
        Assert.Equal("30.0%", Cell(table, 0, "TARGET"));
        Assert.StartsWith("target 30.0%, backup-job (7100) 15.0%", Cell(table, 0, "WHO HAS IT"), StringComparison.Ordinal);
        Assert.StartsWith("orders.(*Handler).price 28, ", Cell(table, 0, "WHERE THE TARGET WAS FOUND"), StringComparison.Ordinal);
        Assert.DoesNotContain(table.Columns, column => column.Title == "GROUP");
        Assert.Equal(12, Cell(table, 0, "PAST").Length);
    }

    [Fact]
    public void Who_else_has_a_core_is_not_guessed_from_the_targets_own_events()
    {
        Snapshot now = KernelObservations.Pinned.Now;
        KernelFigures kernel = now.Kernel.Value with { Report = now.Kernel.Value.Report with { Coverage = KernelReports.OfItself.Coverage } };
        TableView table = Pane.Build(Input(KernelObservations.Pinned with { Now = now with { Kernel = Reading.Of(kernel) } }, 200, 48)).Table!;
        Assert.Equal("30.0%", Cell(table, 0, "TARGET"));
        Assert.Equal(Figure.MissingText, Cell(table, 0, "WHO HAS IT"));
        Assert.Equal(Figure.MissingText, Cell(table, 0, "OTHERS"));
    }

    [Fact]
    public void Smt_siblings_and_processor_groups_are_named_where_there_are_some()
    {
        Snapshot now = Observations.Leak.Now;
        ImmutableArray<CoreLoad> cores = [.. now.Host.Cores.Value.Select(load => load with { Core = load.Core with { PhysicalCore = load.Core.Id / 2, Package = 0, ProcessorGroup = load.Core.Id / 4 } })];
        HostFigures host = now.Host with { Cores = Reading.Of(cores) };
        TableView table = Pane.Build(Input(Observations.Leak with { Now = now with { Host = host } }, 200, 48)).Table!;
        Assert.Equal(("1", "0"), (Cell(table, 0, "SMT"), Cell(table, 1, "SMT")));
        Assert.Equal(("0", "1"), (Cell(table, 3, "GROUP"), Cell(table, 4, "GROUP")));
    }

    [Fact]
    public void Without_events_shares_are_missing_and_the_reason_stands_above()
    {
        CoresView view = Pane.Build(Input(Observations.Denied, 120, 38));
        Assert.Contains("perf_event_paranoid 3", view.TableTitle, StringComparison.Ordinal);
        Assert.Equal(Figure.MissingText, Cell(view.Table!, 0, "TARGET"));
    }

    [Fact]
    public void Threads_with_other_cores_and_why_go_does_not_follow_are_said()
    {
        string words = string.Join('\n', Pane.Build(Input(KernelObservations.Pinned, 200, 48)).Words.Select(word => word.Text));
        Assert.Contains("allowed cores 3 (1 of 8), 1 of 12 threads has others", words, StringComparison.Ordinal);
        Assert.Contains("More Ps than allowed cores (8 and 1)", words, StringComparison.Ordinal);
        Assert.Contains("It was set by hand, or go.mod asks for a Go before 1.25", words, StringComparison.Ordinal);
    }

    private static PaneInput Input(Observation observation, int width, int height) => new(observation, PaneState.Initial with { View = 1 }, AppFacts.Empty, width, height);

    private static string Cell(TableView table, int row, string title) => table.Cell(row, table.Columns.IndexOf(table.Columns.Single(column => column.Title == title))).Text;
}
