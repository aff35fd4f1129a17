using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class HistoryTests
{
    [Fact]
    public void It_holds_the_newest_ticks_and_forgets_the_rest()
    {
        History history = new(ticks: 3);
        HistoryView view = HistoryView.Empty;
        for (int i = 0; i < 20; i++) view = history.Add(WithThreads(i, i));
        Assert.Equal([17d, 18d, 19d], view[SeriesCatalog.Threads].ToArray());
        Assert.Equal(Samples.Start.AddSeconds(19), view.Times[^1]);
    }

    [Fact]
    public void A_view_stays_as_it_is_while_the_history_goes_on()
    {
        History history = new(ticks: 3);
        HistoryView early = history.Add(WithThreads(0, 7));
        for (int i = 1; i < 20; i++) history.Add(WithThreads(i, i));
        Assert.Equal([7d], early[SeriesCatalog.Threads].ToArray());
    }

    [Fact]
    public void An_absent_or_stale_figure_is_a_gap()
    {
        History history = new();
        history.Add(SnapshotBuilder.Build(null, null, Samples.At(0, SampleFacts.None)));
        HistoryView view = history.Add(SnapshotBuilder.Build(null, null, Samples.At(1, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }.AsStale("late"))));
        Assert.Equal([double.NaN, double.NaN], view[SeriesCatalog.Resident].ToArray());
    }

    [Fact]
    public void Cores_keep_a_minute_and_early_views_stay_as_they_are()
    {
        History history = new();
        HistoryView early = history.Add(WithCore(0));
        HistoryView view = early;
        for (int i = 1; i < 300; i++) view = history.Add(WithCore(i));
        Assert.Equal([0d], early.Cores.Of(3));
        Assert.Equal(Enumerable.Range(240, 60).Select(i => (double)(i % 100)), view.Cores.Of(3));
        Assert.Empty(view.Cores.Of(4));
        Assert.Equal(double.NaN, history.Add(SnapshotBuilder.Build(null, null, Samples.At(300, SampleFacts.None))).Cores.Of(3)[^1]);

        static Snapshot WithCore(int tick)
        {
            Snapshot snapshot = SnapshotBuilder.Build(null, null, Samples.At(tick, SampleFacts.None));
            return snapshot with { Host = snapshot.Host with { Cores = Reading.Of<ImmutableArray<CoreLoad>>([new CoreLoad(new LogicalCore(3, 3, 0, 0, 0), tick % 100, 0, 0, 0, 0)]) } };
        }
    }

    [Fact]
    public void Groups_show_their_growth_over_the_window()
    {
        History history = new();
        HistoryView view = HistoryView.Empty;
        for (int i = 0; i <= 60; i++)
            view = history.Add(SnapshotBuilder.Build(null, null, Samples.At(i, new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(i, ("main.leak", "chan send", 100 + (2 * i), 0))) })));
        GroupTrend trend = Assert.Single(view.Groups).Value;
        Assert.Equal(2, trend.PerSecond, 3);
        Assert.Equal(60, trend.WindowSeconds, 3);
    }

    [Fact]
    public void A_group_does_not_grow_by_being_found_leaked()
    {
        History history = new();
        HistoryView view = HistoryView.Empty;
        for (int i = 0; i <= 60; i++)
        {
            GoroutineTable table = Samples.Goroutines(i, ("main.leak", "chan send", 100 + (2 * i), 0));
            // Halfway the runtime is asked, which marks those that are there.
            if (i >= 30) table = table with { Rows = [.. table.Rows.Select((row, at) => at < 160 ? row with { State = GoroutineState.Leaked } : row)] };
            view = history.Add(SnapshotBuilder.Build(null, null, Samples.At(i, new SampleFacts { Goroutines = Reading.Of(table) })));
        }

        Assert.Equal(2, view.Groups.Count);
        Assert.All(view.Groups.Values, trend => Assert.Equal(2, trend.PerSecond, 3));
    }

    private static Snapshot WithThreads(int second, int threads) => SnapshotBuilder.Build(
        null, null, Samples.At(second, new SampleFacts { Process = Reading.Of(Samples.Process(1) with { Threads = threads }) }));
}
