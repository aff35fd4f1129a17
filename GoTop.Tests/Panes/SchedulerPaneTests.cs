using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Scheduler;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>What the scheduler pane shows at each tick, without a trace.</summary>
public sealed class SchedulerPaneTests
{
    [Fact]
    public void Waits_are_counted_since_the_start_and_with_a_mark_since_it()
    {
        Observation earlier = WithLatency(Observations.Leak, new TimeHistogram([0, 1000, 2000], [10, 5, 0]), 1_000_000_000);
        Observation later = WithLatency(Observations.Leak, new TimeHistogram([0, 1000, 2000], [30, 6, 1]), 31_000_000_000);
        PaneInput input = new(later, PaneState.Initial, AppFacts.Empty, 80, 22);
        Assert.Equal("37 waits to run, since start", Build(input).Longer.Title);

        DurationPanel since = Build(input with { Marks = Marks.None.With(earlier) }).Longer;
        Assert.Equal("22 waits to run, in 30s since the mark", since.Title);
        Assert.Equal("p50 1.0 µs, p99 2.0 µs, max < 2.0 µs", since.Right);
        Assert.Equal(22, since.Buckets.Sum(bucket => bucket.Count));
    }

    [Fact]
    public void A_runtime_that_started_anew_since_the_mark_says_so()
    {
        Observation earlier = WithLatency(Observations.Leak, new TimeHistogram([0, 1000], [10, 5]), 1_000_000_000);
        Observation later = WithLatency(Observations.Leak, new TimeHistogram([0, 1000], [3, 0]), 31_000_000_000);
        DurationPanel since = Build(new(later, PaneState.Initial, AppFacts.Empty, 80, 22) { Marks = Marks.None.With(earlier) }).Longer;
        Assert.Contains("started anew since the mark", since.Note, StringComparison.Ordinal);
        Assert.Empty(since.Buckets);
    }

    [Fact]
    public void Stops_of_the_world_for_all_reasons_stand_in_one_histogram_where_the_version_counts_them()
    {
        PaneInput input = new(Observations.Leak, PaneState.Initial, AppFacts.Empty, 80, 22);
        Assert.Equal("Last 256 GC pauses", Build(input).Stops.Title);

        DurationPanel stops = Build(input with { Observation = WithStops(Observations.Leak, new TimeHistogram([0, 1000, 2000], [1, 2, 0]), new TimeHistogram([0, 1000, 2000], [0, 0, 4])) }).Stops;
        Assert.Equal("7 stops of the world, since start", stops.Title);
        Assert.Null(stops.Note);
    }

    [Fact]
    public void On_windows_waits_move_in_timer_ticks_and_that_is_said()
    {
        Observation windows = Observations.Leak with
        {
            Now = Observations.Leak.Now with
            {
                Target = Observations.OrderApi with { Build = Reading.Of(new GoBuildInfo("go1.25.1", "", "", "", ImmutableSortedDictionary<string, string>.Empty.Add("GOOS", "windows"))) },
            },
        };
        Assert.Contains("timer ticks", Build(new(windows, PaneState.Initial, AppFacts.Empty, 80, 22)).Recent.Note, StringComparison.Ordinal);
    }

    private static MemoryPart Build(PaneInput input) => new SchedulerPane().Build(input).Memory!;

    private static Observation WithLatency(Observation observation, TimeHistogram latency, long nanoseconds)
    {
        Observation changed = With(observation, counters => counters with { SchedulingLatency = Reading.Of(latency) });
        return changed with { Now = changed.Now with { MonotonicNanoseconds = nanoseconds } };
    }

    private static Observation WithStops(Observation observation, TimeHistogram gc, TimeHistogram other) =>
        With(observation, counters => counters with { GcStopTheWorld = Reading.Of(gc), OtherStopTheWorld = Reading.Of(other) });

    private static Observation With(Observation observation, Func<RuntimeCounters, RuntimeCounters> change) =>
        observation with { Now = observation.Now with { Go = observation.Now.Go with { Counters = change(observation.Now.Go.Counters) } } };
}
