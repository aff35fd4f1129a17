using System.Text.Json;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Agent;

/// <summary><c>agent.json</c> in the agent's folder: written by the agent alone, in one step each time, read by everybody.</summary>
public sealed class AgentStateFile(string folder)
{
    private const long MostBytes = 4 << 20;

    public string Path { get; } = System.IO.Path.Combine(folder, "agent.json");

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(AgentState state)
    {
        string next = Path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, AgentStateJsonContext.Default.AgentState));
        // The service's umask keeps all else to its own account; whether an agent runs is told to everybody.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(next, Path, overwrite: true);
    }

    /// <summary>What the agent wrote last; not supported when there has been none.</summary>
    public Reading<AgentState> Read()
    {
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return Reading.Failed<AgentState>($"{Path} is too large to be an agent's state");
            return JsonSerializer.Deserialize(file, AgentStateJsonContext.Default.AgentState) is { } state
                ? Reading.Of(state)
                : Reading.Failed<AgentState>($"{Path} is empty");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Reading.NotSupported<AgentState>("no agent has run here");
        }
        catch (UnauthorizedAccessException refused)
        {
            return Reading.Denied<AgentState>(PlainText.Clean(refused.Message, 300));
        }
        catch (Exception damaged) when (damaged is IOException or JsonException or NotSupportedException)
        {
            return Reading.Failed<AgentState>(PlainText.Clean($"{Path} cannot be read: {damaged.Message}", 300));
        }
    }

    /// <summary>
    /// The agent that runs on this machine, or else the one that ran last. Its state is stale when the process that wrote it is
    /// gone without having said so.
    /// </summary>
    /// <param name="settings">Whose folder is looked in first; then the machine's and this user's.</param>
    public static Reading<AgentState> Find(AgentSettings settings, IPlatform platform)
    {
        Reading<AgentState> best = Reading.NotSupported<AgentState>("no agent has run here");
        string[] folders = settings.Folder is { } own ? [own] : [StateFolder.OfTheMachine(), StateFolder.OfThisUser()];
        foreach (string folder in folders.Distinct())
        {
            Reading<AgentState> read = new AgentStateFile(folder).Read();
            if (!read.TryGet(out AgentState? state))
            {
                best = best.Or(read);
                continue;
            }

            if (IsRunning(state, platform)) return read;
            if (best.HasValue) continue;
            best = state.Phase == AgentPhase.Stopped ? read : read.AsStale(FormattableString.Invariant($"process {state.ProcessId} is gone without having said so"));
        }

        return best;
    }

    /// <summary>The very process that wrote it is there.</summary>
    public static bool IsRunning(AgentState state, IPlatform platform) =>
        state.Phase != AgentPhase.Stopped && platform.IsAlive(new ProcessKey(state.ProcessId, state.StartToken));
}
