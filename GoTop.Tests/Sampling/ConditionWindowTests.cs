using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class ConditionWindowTests
{
    private readonly ConditionWindow _window = new();

    [Fact]
    public void One_reading_says_nothing_but_the_count()
    {
        TargetCondition condition = Next(0, 0);
        Assert.Equal(500, condition.Goroutines.Value);
        Assert.Equal(ReadingState.NotYet, condition.GcCpuPercent.State);
        Assert.Equal(ReadingState.NotYet, condition.LongestStopNanoseconds.State);
        Assert.Equal(ReadingState.NotYet, condition.SchedulingLatencyP99Nanoseconds.State);
    }

    [Fact]
    public void Gc_counts_over_ten_seconds()
    {
        // Four cores: 2 s of GC in 10 s are 5 %. What was before does not count.
        for (int second = 0; second <= 20; second++) Next(second, gcSeconds: second < 10 ? second * 4 : 40);
        Assert.Equal(5, Next(20.5, gcSeconds: 42).GcCpuPercent.Value, 0.5);
    }

    [Fact]
    public void A_pause_counts_for_thirty_seconds()
    {
        Next(0, 0, cycles: 10);
        Assert.Equal(200, Next(1, 0, cycles: 11, pause: 200).LongestStopNanoseconds.Value);
        for (int second = 2; second <= 29; second++) Assert.Equal(200, Next(second, 0, cycles: 11, pause: 200).LongestStopNanoseconds.Value);
        Assert.Equal(0, Next(32, 0, cycles: 11, pause: 200).LongestStopNanoseconds.Value);
    }

    [Fact]
    public void A_stop_for_another_reason_counts_as_well()
    {
        Next(0, 0, stops: Histogram(5, 0, 0));
        Assert.Equal(10_000, Next(1, 0, stops: Histogram(5, 1, 0)).LongestStopNanoseconds.Value);
    }

    [Fact]
    public void Latency_is_that_of_the_last_ten_seconds()
    {
        Next(0, 0, latency: Histogram(0, 0, 1000));
        Next(1, 0, latency: Histogram(100, 0, 2000));
        Assert.Equal(10_000, Next(2, 0, latency: Histogram(100, 0, 2000)).SchedulingLatencyP99Nanoseconds.Value);
        Assert.Equal(1000, Next(11.5, 0, latency: Histogram(1000, 0, 2000)).SchedulingLatencyP99Nanoseconds.Value);
    }

    [Fact]
    public void What_the_target_does_not_tell_is_absent_for_its_reason()
    {
        RuntimeCounters remote = new() { ReadAtNanoseconds = 1, GcCpuNanoseconds = Reading.NotSupported<long>("not in MemStats"), Gomaxprocs = Reading.Of(4) };
        _window.Next(remote);
        Assert.Equal("not in MemStats", _window.Next(remote with { ReadAtNanoseconds = 2_000_000_000 }).GcCpuPercent.Reason);
    }

    private static TimeHistogram Histogram(params long[] counts) => new([0, 1000, 10_000], [.. counts]);

    private TargetCondition Next(double seconds, double gcSeconds, long cycles = 0, long pause = 0, TimeHistogram? stops = null, TimeHistogram? latency = null) =>
        _window.Next(new RuntimeCounters
        {
            ReadAtNanoseconds = 1 + (long)(seconds * 1e9),
            Goroutines = Reading.Of(500L),
            Gomaxprocs = Reading.Of(4),
            GcCpuNanoseconds = Reading.Of((long)(gcSeconds * 1e9)),
            GcCycles = Reading.Of(cycles),
            RecentPausesNanoseconds = Reading.Of(ImmutableArray.Create(1L, pause)),
            OtherStopTheWorld = stops is null ? default : Reading.Of(stops),
            SchedulingLatency = latency is null ? default : Reading.Of(latency),
        });
}
