using GoTop.Engine.Sampling;

namespace GoTop.Cli;

internal static class SamplerWaiting
{
    /// <summary>Starts the sampler if need be and waits for an observation like this; after the patience, the newest stands.</summary>
    public static async Task<Observation> NextAsync(
        this Sampler sampler, Predicate<Observation> wanted, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        TaskCompletionSource<Observation> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sampler.Published += Look;
        try
        {
            sampler.Start();
            Look();
            return await found.Task.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (sampler.Latest is { } newest)
        {
            return newest;
        }
        finally
        {
            sampler.Published -= Look;
        }

        void Look()
        {
            if (sampler.Latest is { } latest && wanted(latest)) found.TrySetResult(latest);
        }
    }
}
