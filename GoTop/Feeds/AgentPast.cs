using GoTop.App;
using GoTop.Engine.Agent;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Feeds;

/// <summary>
/// The last minutes of a target by the recording of an agent that watches it on this machine, read beside the first live ticks: curves
/// and what may be stepped back to are there at once. Without an agent, or the right to read its recording, there is none.
/// </summary>
internal sealed class AgentPast : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Begins to read.</summary>
    /// <param name="agent">The agent of this machine; asked beside the first ticks, too.</param>
    public AgentPast(Func<Reading<AgentState>> agent, TargetIdentity target, IPlatform platform, TimeProvider time, ILogger log)
    {
        CancellationToken stop = _stop.Token;
        long now = time.MonotonicNanoseconds();
        Derivation = Task.Run(() => Read(agent, target, platform, now, log, stop));
    }

    /// <summary>Null when there is none: no agent that runs records this process, or its recording cannot be read.</summary>
    public Task<Derivation?> Derivation { get; }

    /// <summary>To be looked at once <see cref="Derivation"/> is there.</summary>
    public RecentObservations Recent { get; } = new();

    /// <summary>Nobody waits for it any more.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private Derivation? Read(Func<Reading<AgentState>> agent, TargetIdentity target, IPlatform platform, long now, ILogger log, CancellationToken stop)
    {
        try
        {
            if (target.Process is not { } process || !agent().TryGet(out AgentState? state) || !AgentStateFile.IsRunning(state, platform)) return null;
            string? recording = state.Targets.FirstOrDefault(watched => watched.Phase == TargetPhase.Watched && watched.ProcessId == process.ProcessId && watched.Recording is not null)?.Recording;
            return recording is null ? null : RecordedPast.Recall(recording, target, now, Recent.Add, stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception unread)
        {
            // Whatever it is, the target is watched without it.
            log.LogInformation("the agent's recording does not help: {Reason}", PlainText.Clean(unread.Message, 300));
            return null;
        }
    }
}
