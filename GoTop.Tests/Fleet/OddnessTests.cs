using GoTop.Engine.Fleet;
using Xunit;
using static GoTop.Tests.Fleet.FleetRows;

namespace GoTop.Tests.Fleet;

public sealed class OddnessTests
{
    [Fact]
    public void The_one_that_stands_apart_is_named_with_its_figure_and_by_how_much()
    {
        FleetRow[] rows = [Goroutines("a", 200), Goroutines("b", 210), Goroutines("c", 190), Goroutines("d", 12_000), Goroutines("e", 205)];
        Oddness[][] odd = Oddness.Of(rows);

        Assert.All(new[] { 0, 1, 2, 4 }, i => Assert.Empty(odd[i]));
        Oddness one = Assert.Single(odd[3]);
        Assert.Equal((FleetFigure.Goroutines, 12_000.0, 205.0, 4, true), (one.Figure, one.Value, one.Median, one.Peers, one.SameVersion));
        // Its peers are nearer to one another than the floor of 50 goroutines, so that is the step.
        Assert.Equal((12_000 - 205) / 50.0, one.Distance, 6);
        Assert.Equal("Goroutines 12,000 against 205 of 4 peers (59×)", Trouble.Words(one));
    }

    [Fact]
    public void Below_four_of_a_kind_nobody_is_odd() =>
        Assert.All(Oddness.Of([Goroutines("a", 200), Goroutines("b", 210), Goroutines("c", 1_000_000)]), Assert.Empty);

    [Fact]
    public void Peers_are_of_the_same_version_where_there_are_enough_else_of_the_same_service()
    {
        // The new version has four times the goroutines by design; of the rare one there is but one.
        FleetRow[] rows =
        [
            .. Enumerable.Range(0, 6).Select(i => Goroutines($"old{i}", 200 + i)), .. Enumerable.Range(0, 4).Select(i => Goroutines($"new{i}", 800 + i, version: "v2.0.0")),
            Goroutines("rare", 5000, version: "v3.0.0"), Goroutines("other", 9000, service: "mail"),
        ];
        Oddness[][] odd = Oddness.Of(rows);

        Assert.All(odd.Take(10), Assert.Empty);
        Assert.False(Assert.Single(odd[10]).SameVersion);
        Assert.Equal(10, odd[10][0].Peers);
        Assert.Empty(odd[11]);
    }

    [Fact]
    public void Small_differences_say_nothing_however_alike_the_peers_are() =>
        Assert.All(Oddness.Of([.. new[] { 0.1, 0.1, 0.1, 0.1, 20 }.Select((cpu, i) => Row($"r{i}", figures: (FleetFigure.Cpu, cpu)))]), Assert.Empty);

    [Fact]
    public void Few_odd_ones_do_not_make_the_others_odd_and_those_below_are_odd_as_well()
    {
        FleetRow[] rows = [.. Enumerable.Range(0, 7).Select(i => Row($"r{i}", figures: (FleetFigure.Cpu, 60 + i))), Row("idle", figures: (FleetFigure.Cpu, 0)), Row("hot", figures: (FleetFigure.Cpu, 400))];
        Oddness[][] odd = Oddness.Of(rows);
        Assert.All(odd.Take(7), Assert.Empty);
        Assert.True(odd[7][0].Distance < 0);
        Assert.Equal("CPU 0.0% against 63.0% of 8 peers (below)", Trouble.Words(odd[7][0]));
        Assert.True(odd[8][0].Distance > 0);
    }

    [Fact]
    public void Who_is_down_and_who_does_not_tell_a_figure_is_no_peer()
    {
        FleetRow[] rows =
        [
            Goroutines("a", 10), Goroutines("b", 10), Goroutines("c", 90_000) with { State = FleetState.Down }, Row("d"), Goroutines("e", 90_000),
        ];
        Assert.All(Oddness.Of(rows), Assert.Empty);
    }

    [Fact]
    public void Of_ten_thousand_the_odd_one_stands_first()
    {
        FleetRow[] rows = [.. Enumerable.Range(0, 10_000).Select(i => Goroutines($"r{i}", i == 7777 ? 1e6 : 100 + (i % 9)))];
        FleetSnapshot fleet = Snapshot(rows);
        Assert.Equal("r7777", fleet.Rows[0].Row.Name);
        Assert.Equal(10_000, fleet.Rows.Length);
    }
}
