using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Agent;

/// <summary><c>agent.json</c> in the agent's folder: written by the agent alone, in one step each time, read by everybody.</summary>
public sealed class AgentStateFile(string folder)
{
    private readonly StateFile<AgentState> _file = new(System.IO.Path.Combine(folder, "agent.json"), AgentStateJsonContext.Default.AgentState, 4 << 20, isForEverybody: true);

    public string Path => _file.Path;

    public FileStamp? Stamp => _file.Stamp;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(AgentState state) => _file.Write(state);

    /// <summary>What the agent wrote last; not supported when there has been none.</summary>
    public Reading<AgentState> Read() => _file.Read("no agent has run here");

    /// <summary>
    /// The agent that runs on this machine, or else the one that ran last. Its state is stale when the process that wrote it is
    /// gone without having said so.
    /// </summary>
    /// <param name="settings">Whose folder is looked in first; then the machine's and this user's.</param>
    /// <param name="read">Null to read each anew.</param>
    public static Reading<AgentState> Find(AgentSettings settings, IPlatform platform, Func<AgentStateFile, Reading<AgentState>>? read = null)
    {
        Reading<AgentState> best = Reading.NotSupported<AgentState>("no agent has run here");
        string[] folders = settings.Folder is { } own ? [own] : [StateFolder.OfTheMachine(), StateFolder.OfThisUser()];
        foreach (string folder in folders.Distinct())
        {
            AgentStateFile file = new(folder);
            Reading<AgentState> its = read?.Invoke(file) ?? file.Read();
            if (!its.TryGet(out AgentState? state))
            {
                best = best.Or(its);
                continue;
            }

            if (IsRunning(state, platform)) return its;
            if (best.HasValue) continue;
            best = state.Phase == AgentPhase.Stopped ? its : its.AsStale(FormattableString.Invariant($"process {state.ProcessId} is gone without having said so"));
        }

        return best;
    }

    /// <summary>The very process that wrote it is there.</summary>
    public static bool IsRunning(AgentState state, IPlatform platform) =>
        state.Phase != AgentPhase.Stopped && platform.IsAlive(new ProcessKey(state.ProcessId, state.StartToken));
}
