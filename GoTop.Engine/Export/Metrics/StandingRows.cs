using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Diagnosis;
using static GoTop.Engine.Export.Metrics.Rows;

namespace GoTop.Engine.Export.Metrics;

/// <summary>What GoTop concludes: one series for each rule at most, so that their number is bounded by the configuration.</summary>
internal static class StandingRows
{
    public static ImmutableArray<ExportedMetric> All { get; } =
    [
        Standing("gotop.target.up", "gotop_target_up", "1 while it is read, else 0", target => [new MetricPoint(target.Observation is null ? 0 : 1)], "target.up"),
        Standing("gotop.finding", "gotop_finding", "1 for each finding that holds now", Findings),
        Standing("gotop.alert.firing", "gotop_alert_firing", "1 while an alert rule fires, 0 while it does not", Alerts),
        Standing("gotop.watchdog.state", "gotop_watchdog_state", "1 for the state in which its watchdog is, 0 for the others", Watchdog),
    ];

    private static ExportedMetric Standing(string otel, string prometheus, string help, Func<ExportedTarget, IEnumerable<MetricPoint>> read, params string[] figures) =>
        Many(MetricKind.Gauge, otel, "1", prometheus, help, read, figures) with { Scope = MetricScope.Standing };

    private static IEnumerable<MetricPoint> Findings(ExportedTarget target) => target.Observation is { } observation
        ? observation.Findings.DistinctBy(finding => finding.Rule, StringComparer.Ordinal).Select(finding => Judged(1, finding.Rule, finding.Severity))
        : [];

    private static IEnumerable<MetricPoint> Alerts(ExportedTarget target) =>
        target.Alerts.Where(status => status.At != default).Select(status => Judged(status.Phase == AlertPhase.Firing ? 1 : 0, status.Rule.Name, status.Rule.Severity));

    private static IEnumerable<MetricPoint> Watchdog(ExportedTarget target) => target.Watchdog is { } watchdog
        ? Enum.GetValues<WatchdogPhase>().Select(phase => new MetricPoint(phase == watchdog.Phase ? 1 : 0)
        {
            Labels = [new MetricLabel("gotop.state", "state", (watchdog with { Phase = phase }).PhaseWords.Replace(' ', '_'))],
        })
        : [];

    private static MetricPoint Judged(double value, string rule, Severity severity) => new(value)
    {
        Labels = [new MetricLabel("gotop.rule", "rule", rule), new MetricLabel("gotop.severity", "severity", SeverityWords.Of(severity))],
    };
}
