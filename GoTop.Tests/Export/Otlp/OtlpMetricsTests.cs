using Google.Protobuf.Collections;
using GoTop.Engine.Alerts;
using GoTop.Engine.Export.Otlp;
using GoTop.Tests.Support;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using Xunit;

namespace GoTop.Tests.Export.Otlp;

public sealed class OtlpMetricsTests
{
    private static readonly ExportMetricsServiceRequest Leaking = OtlpMetrics.Of(ExportViews.Of(ExportViews.Shop(Observations.Leak, ("team", "checkout"))));

    [Fact]
    public void A_target_is_its_process_and_itself_and_the_machine_is_apart()
    {
        Assert.Equal(3, Leaking.ResourceMetrics.Count);
        Dictionary<string, string> itself = Attributes(Leaking.ResourceMetrics[0].Resource.Attributes), process = Attributes(Leaking.ResourceMetrics[1].Resource.Attributes), machine = Attributes(Leaking.ResourceMetrics[2].Resource.Attributes);
        // What is told of a target whether its process is there or not must not change with its process.
        Assert.Equal(["service.name", "team"], itself.Keys);
        Assert.Equal(("shop", "v1.8.2", "4242", "order-api", "go", "go1.25.1", "web1", "linux", "checkout"), (
            process["service.name"], process["service.version"], process["process.pid"], process["process.executable.name"], process["process.runtime.name"], process["process.runtime.version"],
            process["host.name"], process["os.type"], process["team"]));
        Assert.Equal(4242, Leaking.ResourceMetrics[1].Resource.Attributes.Single(attribute => attribute.Key == "process.pid").Value.IntValue);
        Assert.Equal("web1-4242-881231", process["service.instance.id"]);
        Assert.Equal(("gotop", "web1"), (machine["service.name"], machine["host.name"]));
        Assert.All(Leaking.ResourceMetrics, resource => Assert.Equal(("gotop", "0.1.0"), (resource.ScopeMetrics[0].Scope.Name, resource.ScopeMetrics[0].Scope.Version)));
    }

    [Fact]
    public void Counters_are_cumulative_from_their_true_start_and_levels_are_no_counters()
    {
        Metric cpu = Find("process.cpu.time");
        Assert.Equal((true, AggregationTemporality.Cumulative, "s"), (cpu.Sum.IsMonotonic, cpu.Sum.AggregationTemporality, cpu.Unit));
        Assert.Equal(["user", "system"], cpu.Sum.DataPoints.Select(point => Attributes(point.Attributes)["cpu.mode"]));
        Assert.All(cpu.Sum.DataPoints, point => Assert.Equal(
            (OtlpMetrics.Nanoseconds(Observations.OrderApi.StartedAt.Value), OtlpMetrics.Nanoseconds(Observations.Leak.Now.Time)), (point.StartTimeUnixNano, point.TimeUnixNano)));
        Metric goroutines = Find("go.goroutine.count");
        Assert.False(goroutines.Sum.IsMonotonic);
        Assert.Equal(Observations.Leak.Now.Go.Counters.Goroutines.Value, Assert.Single(goroutines.Sum.DataPoints).AsDouble);
        Assert.Equal(Metric.DataOneofCase.Gauge, Find("gotop.go.heap_live").DataCase);
        // When the machine booted is not known: no start is better than a wrong one.
        Assert.All(Find("system.cpu.time").Sum.DataPoints, point => Assert.Equal(0u, point.StartTimeUnixNano));
    }

    [Fact]
    public void A_histogram_has_no_sum_that_nobody_kept()
    {
        HistogramDataPoint latency = Assert.Single(Find("go.schedule.duration").Histogram.DataPoints);
        Assert.False(latency.HasSum);
        Assert.Equal((ulong)Observations.Leak.Now.Go.Counters.SchedulingLatency.Value.Total, latency.Count);
        Assert.Equal(latency.Count, latency.BucketCounts.Aggregate(0UL, (sum, count) => sum + count));
        Assert.Equal(latency.ExplicitBounds.Count + 1, latency.BucketCounts.Count);
    }

    [Fact]
    public void A_target_that_is_gone_is_told_to_be_down_and_nothing_else()
    {
        RuleStatus fires = new() { Rule = DefaultRules.All[0], Target = "shop", Phase = AlertPhase.Firing, Since = Observations.Start, At = Observations.Start, Why = "why" };
        ExportMetricsServiceRequest gone = OtlpMetrics.Of(ExportViews.Of(ExportViews.Shop(null) with { Alerts = [fires] }));
        Assert.Equal(["gotop.target.up", "gotop.alert.firing"], Assert.Single(gone.ResourceMetrics).ScopeMetrics[0].Metrics.Select(metric => metric.Name));
        Assert.Equal(2, OtlpMetrics.PointsOf(gone));
    }

    [Fact]
    public void Nothing_is_told_twice() => Assert.Distinct(Leaking.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics[0].Metrics).Select(metric => metric.Name));

    internal static Dictionary<string, string> Attributes(RepeatedField<KeyValue> attributes) =>
        attributes.ToDictionary(one => one.Key, one => one.Value.ValueCase == AnyValue.ValueOneofCase.IntValue ? one.Value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture) : one.Value.StringValue);

    private static Metric Find(string name) => Leaking.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics[0].Metrics).Single(metric => metric.Name == name);
}
