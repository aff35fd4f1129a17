using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Metrics;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Metrics;

/// <summary>A service with Prometheus' own Go library.</summary>
public sealed class MetricsLiveTests
{
    [Theory]
    [InlineData("1.22")]
    [InlineData("1.27")]
    public async Task Requests_are_counted_as_they_were_made(string version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the target is built for Linux");
        string program = await GoToolchain.RequireWithLibrariesAsync("metrics", version);
        await using GoService service = await GoService.StartAsync(program, "-all");
        AwaitableTime time = new();
        // Found at the process's port, since it serves no pprof.
        FakePlatform platform = new();
        FakeProcess process = new(service.ProcessId, "svc", program) { Ports = [new ListeningPort("127.0.0.1", service.Port)] };
        platform.Add(process);
        TargetContext context = new(new TargetIdentity { Name = "svc", Process = process.Key }, platform, TargetSettings.Default, time);
        await using MetricsSource source = new(context);
        Derivation derivation = new();
        using HttpClient customer = new() { BaseAddress = new Uri($"http://{service.Address}") };
        // A counter with labels is not on the page before the first request.
        using (await customer.GetAsync(new Uri("/ok", UriKind.Relative), TestContext.Current.CancellationToken))
        {
        }

        using (await customer.GetAsync(new Uri("/fail", UriKind.Relative), TestContext.Current.CancellationToken))
        {
        }

        await ObserveAsync(0);
        foreach ((string path, int times) in new[] { ("/ok", 40), ("/fail", 10), ("/slow", 2) })
        {
            for (int i = 0; i < times; i++) using (await customer.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))
            {
            }
        }

        time.Advance(TimeSpan.FromSeconds(10));
        Snapshot now = await ObserveAsync(10);

        RequestFigures http = now.Service.Http;
        Assert.Equal(("http_requests_total", "http_request_duration_seconds"), (http.Metric.Value, http.TimesMetric.Value));
        Assert.Equal(5.2, http.PerSecond.Value, 0.001);
        Assert.Equal(1.0, http.FailedPerSecond.Value, 0.001);
        Assert.Equal(100 * 10 / 52.0, http.FailedPercent.Value, 0.001);
        // Two of 52 took 60 ms and more: the mean is at least so much.
        Assert.True(http.MeanNanoseconds.Value >= 2 * 60e6 / 52);
        Assert.True(http.P99Nanoseconds.Value >= 60e6);
        Assert.Equal(version, now.Go.Counters.GoVersion.Value["go".Length..].Split('.') is [var major, var minor, ..] ? $"{major}.{minor}" : "");
        Assert.InRange(now.Go.Counters.Goroutines.Value, 3, 50);
        Assert.True(now.Go.Counters.SchedulingLatency.Value.Total > 0);
        Assert.True(now.Facts.Service.Value.Process.Value.ResidentBytes.Value > 1 << 20);

        async Task<Snapshot> ObserveAsync(long second)
        {
            SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
            Assert.Equal((SourceState.Ok, null), (result.State, result.Reason));
            return derivation.Next(new Sample { Time = DateTimeOffset.UnixEpoch, MonotonicNanoseconds = second, Target = context.Target, Facts = result.Facts, Sources = [] }, 0).Now;
        }
    }
}
