using GoTop.Engine.Agent;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export.Exporters;

/// <summary>Up to which log line of each target's life exporters have been told, through all exporters of an agent. Called by one task at a time.</summary>
internal sealed class LogPositions
{
    private readonly Dictionary<string, (ProcessKey? Process, long Seen)> _seen = new(StringComparer.Ordinal);

    /// <summary>How many lines there were when exporters were told last.</summary>
    public long Of(AgentTarget target, Observation observation)
    {
        if (_seen.TryGetValue(target.Name, out (ProcessKey? Process, long Seen) at) && at.Process == observation.Now.Target.Process && at.Seen <= observation.LogLinesSeen) return at.Seen;
        // Another life, whose lines are counted anew. What stood in the log before it was followed, the agent of before has sent.
        long since = observation.Now.Facts.Logs.TryGet(out LogCounters? logs) ? logs.Lines : 0;
        return Math.Max(0, observation.LogLinesSeen - since);
    }

    /// <param name="seen">How many of them have been taken.</param>
    public void Took(AgentTarget target, Observation observation, long seen) => _seen[target.Name] = (observation.Now.Target.Process, seen);

    /// <summary>Nobody wants them.</summary>
    public void PassOver(AgentTarget target, Observation observation) => Took(target, observation, observation.LogLinesSeen);
}
