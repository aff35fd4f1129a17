using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Panes.Alerts;

namespace GoTop.Tests.Support;

/// <summary>What an agent says that watches <see cref="Observations.OrderApi"/> and another service.</summary>
internal static class AgentAlertsSample
{
    private static readonly DateTimeOffset Now = Observations.Start.AddMinutes(10);

    public static AgentAlerts Alerts { get; } = new(
        new AlertsState(
            Now.AddSeconds(-1),
            [
                Rule("service-down", "order-api", Severity.Critical, "its process is not there", AlertPhase.Inactive, 600, "1", "its process is there"),
                Rule("goroutine-growth", "order-api", Severity.Warning, "finding goroutine-leak", AlertPhase.Firing, 240, null, "Goroutine leak: main.(*Server).handle.func1 +12.5/s, 2,500 now: all [chan send], made in main.(*Server).handle", fired: 1),
                Rule("memory", "order-api", Severity.Critical, "process.memoryOfLimitPercent above 90.0% until not above 85.0%", AlertPhase.Pending, 12, "93.4%", "93.4% is above 90.0%, for 12s of 30s", next: 18),
                Rule("cpu", "order-api", Severity.Warning, "process.cpuOfCoresPercent above 85.0% until not above 75.0%", AlertPhase.Resolved, 90, "41.2%", "41.2% is not above 75.0%", fired: 2),
                Rule("memory-forecast", "order-api", Severity.Warning, "go.heapLiveBytes reaches go.memoryLimitBytes within 3h", AlertPhase.Inactive, 600, null, "watched for 10m of 45m", next: 1830),
                Rule("service-down", "billing", Severity.Critical, "its process is not there", AlertPhase.Firing, 30, "0", "exit code 2", fired: 1),
            ],
            [
                new AlertStanding("a", "goroutine-growth", "order-api", Severity.Warning, Now.AddSeconds(-240), TellingState.Told, "told at 2026-03-14 09:32:02Z by ops-mail; repeats at 2026-03-14 13:32:00Z", Now.AddHours(4), []),
                new AlertStanding("b", "service-down", "billing", Severity.Critical, Now.AddSeconds(-30), TellingState.Silenced, "silenced by anna until 11:00: deployment", null, []),
            ],
            []),
        ImmutableDictionary<int, string>.Empty.Add(Observations.OrderApi.Process!.Value.ProcessId, "order-api"),
        Now);

    private static RuleStanding Rule(
        string rule, string target, Severity severity, string looksFor, AlertPhase phase, int seconds, string? value, string why, int fired = 0, int? next = null) => new(
        rule, target, severity, looksFor, phase, Now.AddSeconds(-seconds), Now.AddSeconds(-1), value, why, next is { } after ? Now.AddSeconds(after) : null,
        fired > 0 ? Now.AddSeconds(-seconds) : null, fired);
}
