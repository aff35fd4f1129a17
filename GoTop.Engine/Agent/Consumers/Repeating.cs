using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>What a consumer does again and again while the agent runs.</summary>
internal static class Repeating
{
    /// <summary>
    /// Nothing that goes wrong in one step ends the steps for good: it is logged, once as long as it stays the same, and tried again. Ends
    /// with <paramref name="stop"/> alone.
    /// </summary>
    /// <param name="interval">From step to step, and before the first.</param>
    /// <param name="failure">What to log of a step that fails.</param>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public static async Task RunAsync(AgentServices services, TimeSpan interval, string failure, Func<Task> step, CancellationToken stop)
    {
        string? known = null;
        using PeriodicTimer timer = new(interval, services.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            try
            {
                await step().ConfigureAwait(false);
                known = null;
            }
            catch (Exception bug) when (bug is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                if (known != bug.Message) services.Log.LogError(bug, "{Failure}", failure);
                known = bug.Message;
            }
        }
    }
}
