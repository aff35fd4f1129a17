using System.Text.RegularExpressions;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export.Metrics;

public sealed partial class ExportedMetricsTests
{
    [Fact]
    public void Names_are_unique_and_as_each_system_writes_them()
    {
        Assert.Distinct(ExportedMetrics.All.Select(metric => metric.Otel).OfType<string>());
        Assert.Distinct(ExportedMetrics.All.Select(metric => metric.Prometheus).OfType<string>());
        Assert.All(ExportedMetrics.All, metric =>
        {
            Assert.True(metric.Otel is not null || metric.Prometheus is not null);
            if (metric.Otel is { } otel) Assert.Matches(OtelName(), otel);
            if (metric.Prometheus is not { } name) return;
            Assert.Matches(PrometheusName(), name);
            // client_golang's own exception, by which every dashboard knows it.
            if (name != "go_gc_cycles_total_gc_cycles_total") Assert.Equal(metric.Kind == MetricKind.Counter, name.EndsWith("_total", StringComparison.Ordinal));
            if (metric.Unit == "s") Assert.Contains("_seconds", name, StringComparison.Ordinal);
            if (name.EndsWith("_ratio", StringComparison.Ordinal)) Assert.DoesNotMatch("100|per cent", metric.Help);
            if (metric.Unit == "By") Assert.Contains("_bytes", name, StringComparison.Ordinal);
        });
    }

    /// <summary>A new figure is exported without another word, and none twice.</summary>
    [Fact]
    public void Every_figure_is_told_by_exactly_one_of_them() =>
        Assert.Equal(FigureCatalog.All.Select(figure => figure.Name).Order(StringComparer.Ordinal), ExportedMetrics.All.SelectMany(metric => metric.Figures).Order(StringComparer.Ordinal));

    /// <summary>A rate is exported as what it is the rate of, wherever that is known.</summary>
    [Fact]
    public void Rates_by_the_rule_are_those_that_have_no_counter() => Assert.Equal(
        [
            "process.runQueueDelayPercent", "go.schedulesPerSecond", "process.contextSwitchesPerSecond", "process.involuntarySwitchesPerSecond", "go.goroutinesChangePerSecond",
            "kernel.preemptionsPerSecond", "kernel.coreMigrationsPerSecond", "kernel.diskReadBytesPerSecond", "kernel.diskWrittenBytesPerSecond",
            "kernel.networkReceivedBytesPerSecond", "kernel.networkSentBytesPerSecond",
        ],
        ExportedMetrics.All.Where(metric => metric.IsByRule).SelectMany(metric => metric.Figures).Where(name => name.EndsWith("PerSecond", StringComparison.Ordinal) || name.Contains("runQueueDelay", StringComparison.Ordinal)));

    [Fact]
    public void The_document_lists_exactly_these()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "export.md")).ReplaceLineEndings("\n");
        Assert.True(document.EndsWith(ExportedMetrics.ToMarkdown(), StringComparison.Ordinal), "docs/export.md differs from the table; put there what `gotop export metrics --markdown` prints");
    }

    [Fact]
    public void What_cannot_be_read_is_absent_and_not_zero()
    {
        ExportedTarget target = ExportViews.Shop(Observations.AllMissing);
        Assert.Equal(["gotop_target_up"], ExportedMetrics.All.Where(metric => metric.Prometheus != "gotop_finding" && metric.Prometheus != "go_info" && metric.Read(target).Any() && !IsOfIdentity(metric)).Select(metric => metric.Prometheus));
        Assert.Equal([0.0], Up(ExportViews.Shop(null)));
        Assert.Equal([1.0], Up(target));
        Assert.Equal(1, ExportedMetrics.All.Count(metric => metric.Read(ExportViews.Shop(null)).Any()));
    }

    /// <summary>An old value under a new time would be untrue.</summary>
    [Fact]
    public void What_is_late_is_left_out()
    {
        Snapshot now = Observations.Leak.Now;
        Observation late = Observations.Leak with { Now = now with { Go = now.Go with { Counters = now.Go.Counters.AsStale("memory is 7 s late") }, Facts = now.Facts.AsStale("late") } };
        Assert.Empty(Named("go_goroutines").Read(ExportViews.Shop(late)));
        Assert.Empty(Named("process_cpu_seconds_total").Read(ExportViews.Shop(late)));
        Assert.Empty(Named("go_memstats_sys_bytes").Read(ExportViews.Shop(late)));
        Assert.NotEmpty(Named("go_goroutines").Read(ExportViews.Shop(Observations.Leak)));
    }

    [Fact]
    public void Counters_count_since_their_process_began_and_keep_their_whole_value()
    {
        MetricPoint point = Assert.Single(Named("process_cpu_seconds_total").Read(ExportViews.Shop(Observations.Leak)));
        ProcessCounters process = Observations.Leak.Now.Facts.Process.Value;
        Assert.Equal((process.UserNanoseconds + process.SystemNanoseconds) / 1e9, point.Value);
        Assert.Equal(Observations.OrderApi.StartedAt.Value, point.Since);
    }

    [Fact]
    public void A_histogram_keeps_every_count_and_its_bounds_are_the_sources_own()
    {
        long[] lower = [.. Enumerable.Range(0, 720).Select(i => i * 700L * (1 + i))];
        TimeHistogram source = new([.. lower], [.. lower.Select((_, i) => (long)i)]);
        MetricHistogram told = MetricHistogram.Of(source, sum: null);
        Assert.Equal(source.Total, told.Count);
        Assert.InRange(told.UpperBounds.Length, 5, 20);
        Assert.Equal(told.UpperBounds.Length + 1, told.Counts.Length);
        long upTo = 0;
        for (int i = 0; i < told.UpperBounds.Length; i++)
        {
            upTo += told.Counts[i];
            long bound = (long)Math.Round(told.UpperBounds[i] * 1e9);
            Assert.Contains(bound, lower);
            Assert.Equal(lower.Select((at, index) => (at, index)).Where(one => one.at < bound).Sum(one => (long)one.index), upTo);
        }
    }

    private static IEnumerable<double> Up(ExportedTarget target) => Named("gotop_target_up").Read(target).Select(point => point.Value);

    private static ExportedMetric Named(string prometheus) => ExportedMetrics.All.Single(metric => metric.Prometheus == prometheus);

    /// <summary>That is known of a process although nothing can be read of it.</summary>
    private static bool IsOfIdentity(ExportedMetric metric) => metric.Otel == "process.uptime" || metric.Prometheus == "process_start_time_seconds";

    [GeneratedRegex("^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$")]
    private static partial Regex OtelName();

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex PrometheusName();
}
