using GoTop.Engine.Agent;
using GoTop.Engine.Alerts;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.StateFiles;
using GoTop.Panes.Alerts;

namespace GoTop.Cli;

/// <summary>
/// Looks again and again at what the agent of this machine says of itself. Its files are parsed only when they have changed.
/// </summary>
internal sealed class AgentLook(IPlatform platform, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LastRead<AgentState>> _agents = new(StringComparer.Ordinal);
    private readonly LastRead<WatchdogBook> _watchdogs = new();
    private readonly LastRead<AlertsState> _alerts = new();

    /// <returns>What the list of sources says of it, null for nothing; and its alerts.</returns>
    public (SourceStatus? Notice, Reading<AgentAlerts> Alerts) Look(AgentSettings settings)
    {
        // A disk that is slow makes one look run into the next.
        lock (_gate)
        {
            Reading<AgentState> found = AgentStateFile.Find(settings, platform, Read);
            if (!found.TryGet(out AgentState? agent)) return (null, found.Absent<AgentAlerts>());
            WatchdogFile watchdogs = new(agent.Folder);
            AlertsFile alerts = new(agent.Folder);
            return (
                AgentNotice.Of(found, _watchdogs.Get(watchdogs.Path, watchdogs.Stamp, watchdogs.Read), platform, time),
                _alerts.Get(alerts.Path, alerts.Stamp, alerts.Read).Select(state => AgentAlerts.Of(agent, state, time.GetLocalNow())));
        }
    }

    private Reading<AgentState> Read(AgentStateFile file)
    {
        if (!_agents.TryGetValue(file.Path, out LastRead<AgentState>? last)) _agents.Add(file.Path, last = new LastRead<AgentState>());
        return last.Get(file.Path, file.Stamp, file.Read);
    }
}
