using GoTop.Engine.Diagnosis;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using Xunit;
using static GoTop.Tests.Fleet.FleetRows;

namespace GoTop.Tests.Fleet;

public sealed class FleetSnapshotTests
{
    [Fact]
    public void Those_in_most_trouble_come_first()
    {
        FleetSnapshot fleet = Snapshot(
            Goroutines("well", 200), Goroutines("odd", 9000), Goroutines("a", 200), Goroutines("b", 200), Goroutines("c", 200),
            Goroutines("young", 200) with { StartedAt = Reading.Of(Now.AddSeconds(-30)) },
            Row("limit", figures: (FleetFigure.MemoryOfLimit, 97)),
            Row("nearly", figures: (FleetFigure.MemoryOfLimit, 86)),
            Goroutines("unread", 0) with { State = FleetState.Unread, Reason = "404 Not Found for /metrics" },
            Goroutines("down", 0) with { State = FleetState.Down, Reason = "connection refused" },
            Goroutines("alert", 200) with { Alerts = [new FleetAlert("HighLatency", Severity.Critical)] });

        Assert.Equal(["down", "alert", "limit", "unread", "nearly", "odd", "young", "a", "b", "c", "well"], fleet.Rows.Select(row => row.Row.Name));
        Assert.Equal("down: connection refused", fleet.Rows[0].Causes[0].Text);
        Assert.Equal("97.0% of GOMEMLIMIT used", fleet.Rows[2].Causes[0].Text);
        Assert.Equal((Severity.Critical, Severity.Warning, Severity.Notice), (fleet.Rows[2].Worst, fleet.Rows[4].Worst, fleet.Rows[6].Worst));
        Assert.True(fleet.Rows[5].IsInTrouble);
        Assert.False(fleet.Rows[6].IsInTrouble);
        Assert.Empty(fleet.Rows[7].Causes);
    }

    [Fact]
    public void Of_two_sources_that_know_a_target_the_first_ones_row_stays_with_the_alerts_of_both()
    {
        FleetPart urls = new("urls", [Goroutines("mine", 5) with { Authority = "shop:9100" }], SourceState.Ok, null, default);
        FleetPart engine = new(
            "prometheus",
            [Goroutines("shop:9100", 6) with { Authority = "SHOP:9100", Alerts = [new FleetAlert("Slow", Severity.Warning)] }, Goroutines("far:1", 7) with { Authority = "far:1" }],
            SourceState.Ok, null, default);
        FleetSnapshot fleet = FleetSnapshot.Of([urls, engine], Now);
        Assert.Equal(["mine", "far:1"], fleet.Rows.Select(row => row.Row.Name));
        Assert.Equal("alert Slow", fleet.Rows[0].Causes[0].Text);
    }

    [Fact]
    public void More_targets_than_are_taken_are_counted()
    {
        FleetPart many = new("engine", [.. Enumerable.Range(0, FleetSnapshot.MostRows + 3).Select(i => Row($"r{i}"))], SourceState.Ok, null, default);
        FleetSnapshot fleet = FleetSnapshot.Of([many], Now);
        Assert.Equal((FleetSnapshot.MostRows, 3), (fleet.Rows.Length, fleet.Beyond));
    }

    [Fact]
    public void Groups_hold_both_systems_and_the_worst_comes_first()
    {
        FleetSnapshot fleet = Snapshot(
            Row("l1", host: "alpha", figures: (FleetFigure.Cpu, 10)), Row("l2", host: "alpha", figures: (FleetFigure.Cpu, 30)),
            Row("w1", host: "beta", os: "windows", figures: (FleetFigure.Cpu, 50)), Row("w2", host: "beta", version: "v2.0.0", os: "windows") with { State = FleetState.Down });

        Assert.Equal(["beta 1/2", "alpha 0/2"], FleetGroup.Of(fleet.Rows, FleetGrouping.Host).Select(group => $"{group.Name} {group.Down}/{group.Rows.Length}"));
        Assert.Equal(["shop v2.0.0", "shop v1.2.3"], FleetGroup.Of(fleet.Rows, FleetGrouping.Version).Select(group => group.Name));
        FleetGroup all = Assert.Single(FleetGroup.Of(fleet.Rows, FleetGrouping.Service));
        Assert.Equal((30.0, 90.0), (all.Median(FleetFigure.Cpu).Value, all.Sum(FleetFigure.Cpu).Value));
        Assert.Equal("linux + windows", all.Common(row => row.Os, "systems"));
        Assert.Equal("its metrics lack it", all.Median(FleetFigure.Heap).Reason);
    }

    [Fact]
    public void Every_figure_of_the_catalogue_stands_at_its_own_place() =>
        Assert.Equal(Enum.GetValues<FleetFigure>(), FleetFigureCatalog.All.Select(info => info.Figure));
}
