using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Export.Push;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Alerts.Delivery;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Export.Metrics;

public sealed class ExportBoardTests
{
    private readonly FakeTimeProvider _time = new(Observations.Leak.Now.Time);
    private readonly FakePlatform _platform = new();
    private readonly KeptLog _log = new();
    private readonly GoTopConfig _config = GoTopConfig.Default with { Targets = [new TargetSettings { Name = "shop", ProcessName = "shop" }, new TargetSettings { Name = "cart", ProcessName = "cart" }] };
    private readonly ExportBoard _board;

    public ExportBoardTests() => _board = new ExportBoard(new AgentServices(_platform, new GoProcessFinder(_platform, _time), _time, _log, "0.1.0", "", () => _config));

    /// <summary>Targets read the one machine each at its own pace, and what is observed later may have been read before.</summary>
    [Fact]
    public void The_machines_counters_never_go_back()
    {
        _board.Observed(Target(0), Observed(readAt: 200, userSeconds: 20, TimeSpan.Zero));
        _board.Observed(Target(1), Observed(readAt: 100, userSeconds: 10, TimeSpan.FromSeconds(1)));
        Assert.Equal(20, UserSeconds());
        _board.Happened(new AgentEvent(AgentEventKind.Lost, _time.GetUtcNow(), Target(0), "exit code 1", null));
        Assert.Equal(20, UserSeconds());
        _board.Observed(Target(1), Observed(readAt: 300, userSeconds: 30, TimeSpan.FromSeconds(2)));
        Assert.Equal(30, UserSeconds());
    }

    [Fact]
    public void The_machine_is_not_told_when_nobody_reads_it()
    {
        _board.Observed(Target(0), Observed(readAt: 200, userSeconds: 20, TimeSpan.Zero));
        _board.Happened(new AgentEvent(AgentEventKind.Lost, _time.GetUtcNow(), Target(0), "exit code 1", null));
        Assert.Null(_board.View().HostFacts);
    }

    [Fact]
    public void A_metric_that_fails_takes_no_other_away_and_is_logged_once()
    {
        _board.Observed(Target(0), Observations.Leak);
        ExportView view = _board.View();
        ExportedMetric broken = ExportedMetrics.All[0] with { Read = _ => throw new InvalidOperationException("a bug") };
        Assert.Empty(view.Read(broken, view.Targets[1]));
        Assert.Empty(view.Read(broken, view.Targets[1]));
        Assert.NotEmpty(view.Read(ExportedMetrics.All[0], view.Targets[1]));
        Assert.Equal("Error: gotop.target.up of shop cannot be exported", _log.All);
    }

    /// <summary>They are read from its memory, where anything may stand.</summary>
    [Fact]
    public void A_targets_absurd_counts_break_nothing()
    {
        Snapshot now = Observations.Leak.Now;
        TimeHistogram absurd = new([0, 1_000, 1_000_000, 1_000_000_000], [long.MaxValue, -5, long.MaxValue, long.MaxValue]);
        _board.Observed(Target(0), Observations.Leak with { Now = now with { Go = now.Go with { Counters = now.Go.Counters with { SchedulingLatency = Reading.Of(absurd) } } } });
        ExportView view = _board.View();
        string page = System.Text.Encoding.UTF8.GetString(PrometheusText.Write(view, PrometheusFormat.Text));
        Assert.Contains("go_sched_latencies_seconds_bucket{service_name=\"shop\",le=\"+Inf\"} 9.223372036854776E+18", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" -", page.Replace("# ", "", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("go_sched_latencies", StringComparison.Ordinal)).Aggregate("", (all, line) => all + line), StringComparison.Ordinal);
        Assert.True(OtlpMetrics.PointsOf(OtlpMetrics.Of(view)) > 50);
        Assert.NotEmpty(PushDocument.Of(view, "id").ToUtf8());
        Assert.Equal("", _log.All);
    }

    private AgentTarget Target(int index) => new(_config.Targets[index].Name!, new TargetContext(Observations.OrderApi, _platform, _config.Targets[index], _time));

    private Observation Observed(long readAt, int userSeconds, TimeSpan after)
    {
        Snapshot now = Observations.Leak.Now;
        HostCounters host = now.Facts.Host.Value with { ReadAtNanoseconds = readAt, Cores = [new CoreTimes(0, userSeconds * 1_000_000_000L, 0, 0, 0, 0, 0)] };
        return Observations.Leak with { Now = now with { Time = _time.GetUtcNow() + after, Facts = now.Facts with { Host = Reading.Of(host) } } };
    }

    private double UserSeconds() =>
        ExportedMetrics.All.Single(metric => metric.Otel == "system.cpu.time").Read(_board.View().HostFacts!).First(point => point.Labels[0].Value == "user").Value;
}
