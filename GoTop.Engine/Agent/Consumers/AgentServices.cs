using GoTop.Engine.Alerts;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Discovery;
using GoTop.Engine.Platform;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>What the parts of an agent have in common.</summary>
/// <param name="Folder">Where the agent keeps what it writes.</param>
/// <param name="Config">The configuration that holds now.</param>
public sealed record AgentServices(
    IPlatform Platform, GoProcessFinder Finder, TimeProvider Time, ILogger Log, string ToolVersion, string Folder, Func<GoTopConfig> Config)
{
    /// <summary>False while the configuration that holds is only what could be read of a file with problems.</summary>
    public Func<bool> IsConfigSound { get; init; } = static () => true;

    /// <summary>What was done while the audit log could not be written.</summary>
    public AuditBacklog Audit { get; } = new(Log);

    /// <summary>How all targets stand with their watchdogs.</summary>
    public WatchdogStandings Watchdogs { get; } = new();

    /// <summary>How the alert rules stand, as they were judged within the last second.</summary>
    public AlertStandings Alerts { get; } = new();

    public TargetRecordings Recordings { get; } = new();
}
