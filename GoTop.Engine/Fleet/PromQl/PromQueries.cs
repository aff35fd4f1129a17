using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Metrics;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>
/// The fleet's questions in PromQL: a handful for all targets together. Each aggregates by the labels that are read, so that
/// replicas of an engine count once and answers stay short.
/// </summary>
internal sealed class PromQueries
{
    /// <summary>Values of <see cref="PromLabel.Figure"/>.</summary>
    public const string Cpu = "cpu", GcCpu = "gc", Pause = "pause", Allocation = "alloc", Latency = "latency";

    public const string Up = "up", GoInfo = "go_info", BuildInfo = "go_build_info", TargetInfo = "target_info", AgentTargetInfo = "gotop_target_info", AgentTargetUp = "gotop_target_up";

    private static readonly RuntimeMetric[] LevelMetrics =
    [
        RuntimeMetric.Goroutines, RuntimeMetric.Threads, RuntimeMetric.Gomaxprocs, RuntimeMetric.MemoryLimit, RuntimeMetric.Alloc, RuntimeMetric.HeapAlloc, RuntimeMetric.Sys,
        RuntimeMetric.HeapReleased, RuntimeMetric.ProcessResident, RuntimeMetric.ProcessOpenFds, RuntimeMetric.ProcessMaxFds, RuntimeMetric.ProcessMaxVirtual,
        RuntimeMetric.ProcessStartSeconds,
    ];

    private static readonly string Target = string.Join(',', PromLabels.Names.Take(PromLabels.OfTarget));

    private readonly string _selector;
    private readonly string _window;

    /// <param name="selector">Matchers without their braces; empty for none.</param>
    public PromQueries(string selector, TimeSpan window)
    {
        _selector = selector;
        _window = string.Create(CultureInfo.InvariantCulture, $"[{(long)window.TotalSeconds}s]");
    }

    public static PromQueries Of(PrometheusSettings settings) => new(settings.Selector, settings.Window);

    /// <summary>Whether it is scraped, and every figure that is a level.</summary>
    public string Levels => $"max by (__name__,{Target}) ({Any([Up, AgentTargetUp, .. RuntimeMetricNames.All.Where(name => LevelMetrics.Contains(name.Value)).Select(name => name.Key).Order(StringComparer.Ordinal)])})";

    /// <summary>Every figure that is a rate, told apart by a label.</summary>
    public string Rates => string.Join(
        " or ",
        [
            Rate(Cpu, "process_cpu_seconds_total"),
            Rate(GcCpu, "go_cpu_classes_gc_total_cpu_seconds_total"),
            Rate(GcCpu, "go_gc_cpu_seconds_total"),
            Rate(Pause, "go_gc_duration_seconds_sum"),
            Rate(Allocation, "go_memstats_alloc_bytes_total"),
            Rate(Allocation, "go_gc_heap_allocs_bytes_total"),
            Named(Latency, $"histogram_quantile(0.99, sum by (le,{Target}) (rate({Of("go_sched_latencies_seconds_bucket")}{_window})))"),
        ]);

    /// <summary>Alerts of the engine's own rules, and alerts and findings of gotop's agent.</summary>
    public string Alerts => string.Join(
        " or ",
        [
            $"max by (alertname,severity,{Target}) ({Of("ALERTS", "alertstate=\"firing\"")})",
            $"max by (rule,severity,{Target}) ({Of("gotop_alert_firing")} == 1)",
            $"max by (rule,severity,{Target}) ({Of("gotop_finding")} == 1)",
        ]);

    public string Infos => $"max by (__name__,version,service_version,go_version,process_runtime_version,{Target}) ({Any([GoInfo, BuildInfo, TargetInfo, AgentTargetInfo])})";

    /// <summary>Which targets were Go programs: at any time within ten minutes, or at each tenth minute of the last day, since a whole day would be too dear.</summary>
    public string WereGo =>
        $"group by (job,instance) (last_over_time({Of("go_goroutines")}[10m])) or group by (job,instance) (last_over_time({Of("go_goroutines")}[1d:10m]))";

    /// <summary>What exporters of machines tell; they are not among the selected targets.</summary>
    public static string Hosts => "max by (instance,sysname,nodename,__name__) ({__name__=~\"node_uname_info|windows_os_info\"})";

    /// <summary>The label's value as a matcher.</summary>
    public static string Matcher(string label, string value) =>
        $"{label}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private string Rate(string figure, string metric) => Named(figure, $"max by ({Target}) (rate({Of(metric)}{_window}))");

    private static string Named(string figure, string query) => $"label_replace({query}, \"gotop_figure\", \"{figure}\", \"\", \"\")";

    private string Of(string metric, string matcher = "")
    {
        string both = string.Join(',', new[] { matcher, _selector }.Where(part => part.Length > 0));
        return both.Length == 0 ? metric : $"{metric}{{{both}}}";
    }

    private string Any(IEnumerable<string> metrics)
    {
        string names = $"__name__=~\"{string.Join('|', metrics)}\"";
        return _selector.Length == 0 ? $"{{{names}}}" : $"{{{names},{_selector}}}";
    }
}
