using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class ServiceDerivationTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Rates_are_over_the_time_between_two_readings_of_the_page_and_stand_until_the_next()
    {
        Derivation derivation = new();
        RequestFigures first = Next(derivation, 0, At(0, 100, 10, 100, 0)), second = Next(derivation, 5, At(5, 600, 20, 600, 5)), same = Next(derivation, 6, At(5, 600, 20, 600, 5));

        Assert.Equal("http_requests_total", first.Metric.Value);
        Assert.Equal(ReadingState.NotYet, first.PerSecond.State);
        Assert.Equal((100.0, 2.0, 2.0), (second.PerSecond.Value, second.FailedPerSecond.Value, second.FailedPercent.Value));
        Assert.Equal((10e6, 5e6, 5e6), (second.MeanNanoseconds.Value, second.P50Nanoseconds.Value, second.P99Nanoseconds.Value));
        Assert.Equal(second, same);
    }

    [Fact]
    public void Without_requests_there_is_no_share_of_failures_and_no_time()
    {
        Derivation derivation = new();
        Next(derivation, 0, At(0, 100, 10, 100, 0));
        RequestFigures quiet = Next(derivation, 5, At(5, 100, 10, 100, 0));
        Assert.Equal(0, quiet.PerSecond.Value);
        Assert.Equal("no request since the last reading", quiet.FailedPercent.Reason);
        Assert.Equal("no request since the last reading", quiet.P99Nanoseconds.Reason);
    }

    [Fact]
    public void A_counter_that_ran_backwards_or_another_metric_gives_no_rate()
    {
        Derivation derivation = new();
        Next(derivation, 0, At(0, 100, 10, 100, 0));
        Assert.Equal(ReadingState.NotYet, Next(derivation, 5, At(5, 3, 0, 3, 0)).PerSecond.State);
        ServiceCounters other = At(10, 500, 0, 500, 0);
        Assert.Equal(ReadingState.NotYet, Next(derivation, 10, other with { Http = other.Http.Select(http => http with { Metric = "gin_requests_total" }) }).PerSecond.State);
    }

    [Fact]
    public void A_time_beyond_the_last_bucket_is_not_given_a_bound()
    {
        Derivation derivation = new();
        Next(derivation, 0, At(0, 0, 0, 0, 0));
        RequestFigures slow = Next(derivation, 5, At(5, 100, 0, 0, 100));
        Assert.Equal("longer than the metric's last bucket begins (0.005 s)", slow.P99Nanoseconds.Reason);
    }

    [Fact]
    public void Of_a_process_elsewhere_its_metrics_are_all_there_is()
    {
        Derivation derivation = new();
        Snapshot(derivation, 0, At(0, 0, 0, 0, 0));
        Snapshot later = Snapshot(derivation, 5, At(5, 0, 0, 0, 0));
        Assert.Equal((20.0, 50L << 20, 9), (later.Process.CpuPercent.Value, later.Process.ResidentBytes.Value, later.Process.Handles.Value));
        Assert.Equal(ReadingState.NotSupported, later.Process.UserPercent.State);
    }

    private static ServiceCounters At(long seconds, long total, long failed, long quick, long slow) => new()
    {
        ReadAtNanoseconds = (1 + seconds) * Second,
        Http = Reading.Of(new RequestCounters
        {
            Metric = "http_requests_total",
            Total = total,
            Failed = Reading.Of(failed),
            Times = Reading.Of(new RequestTimes("http_request_duration_seconds", total, total * 10_000_000, Reading.Of(new TimeHistogram([0, 5_000_000], [quick, slow == 5 ? 0 : slow])))),
        }),
        Process = Reading.Of(new ExportedProcess { CpuNanoseconds = Reading.Of(seconds * Second / 5), ResidentBytes = Reading.Of(50L << 20), Handles = Reading.Of(9) }),
    };

    private static RequestFigures Next(Derivation derivation, long seconds, ServiceCounters counters) => Snapshot(derivation, seconds, counters).Service.Http;

    private static Snapshot Snapshot(Derivation derivation, long seconds, ServiceCounters counters) => derivation.Next(
        new Sample
        {
            Time = DateTimeOffset.UnixEpoch.AddSeconds(seconds),
            MonotonicNanoseconds = (1 + seconds) * Second,
            Target = new TargetIdentity { Name = "shop" },
            Facts = new SampleFacts { Service = Reading.Of(counters) },
            Sources = [],
        }, 0).Now;
}
