using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>What a consumer does again and again while the agent runs.</summary>
/// <param name="failure">What to log of a step that fails.</param>
/// <param name="step">Nothing that goes wrong in one ends them for good: it is logged, once as long as it stays the same, and tried again.</param>
internal sealed class Repeating(AgentServices services, TimeSpan interval, string failure, Func<Task> step)
{
    private string? _known;

    /// <param name="atOnce">The first step waits for nothing; else for the interval, as all others.</param>
    /// <exception cref="OperationCanceledException">It is to stop; it ends in no other way.</exception>
    public async Task RunAsync(bool atOnce, CancellationToken stop)
    {
        if (atOnce) await StepAsync(stop).ConfigureAwait(false);
        using PeriodicTimer timer = new(interval, services.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await StepAsync(stop).ConfigureAwait(false);
    }

    private async Task StepAsync(CancellationToken stop)
    {
        try
        {
            await step().ConfigureAwait(false);
            _known = null;
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            if (_known != bug.Message) services.Log.LogError(bug, "{Failure}", failure);
            _known = bug.Message;
        }
    }
}
