using GoTop.Engine.Alerts.Channels;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>
/// How often a message is tried at once: again after 2 and 4 s where that may help, and the channel is left alone for a while when all
/// failed. The pause is 30 s, then twice the last, at most 5 minutes.
/// </summary>
internal sealed class DeliveryPipeline
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);

    private readonly ResiliencePipeline _pipeline;
    private TimeSpan _currentBreak = FirstBreak;

    public DeliveryPipeline(TimeProvider time) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = FirstDelay,
            BackoffType = DelayBackoffType.Exponential,
            // What the other side asks for goes before our own pause, unless it is long: then others get their turn.
            DelayGenerator = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is ChannelException { RetryAfter: { } asked } ? asked : (TimeSpan?)null),
            ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is ChannelException { IsTransient: true } failure && !(failure.RetryAfter > LongestDelay)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromMinutes(5),
            BreakDurationGenerator = opening => ValueTask.FromResult(_currentBreak = BreakAfter(opening.HalfOpenAttempts)),
            ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is ChannelException { IsTransient: true }),
        })
        .Build();

    /// <exception cref="ChannelException">The last try's.</exception>
    /// <exception cref="ChannelRestsException">It was not tried.</exception>
    public async Task ExecuteAsync(Func<CancellationToken, Task> attempt, CancellationToken cancellation)
    {
        ChannelException? last = null;
        try
        {
            await _pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        await attempt(token).ConfigureAwait(false);
                    }
                    catch (ChannelException failure)
                    {
                        last = failure;
                        throw;
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        catch (BrokenCircuitException) when (last is not null)
        {
            // It broke in the middle of the tries.
            throw last;
        }
        catch (BrokenCircuitException broken)
        {
            throw new ChannelRestsException(broken.RetryAfter ?? _currentBreak, broken.InnerException?.Message ?? "its last tries failed");
        }
    }

    private static TimeSpan BreakAfter(int halfOpenAttempts)
    {
        TimeSpan pause = FirstBreak * Math.Pow(2, Math.Min(halfOpenAttempts, 10));
        return pause < LongestBreak ? pause : LongestBreak;
    }
}

/// <summary>The channel is left alone for a while.</summary>
internal sealed class ChannelRestsException(TimeSpan left, string reason) : Exception(reason)
{
    public TimeSpan Left { get; } = left;
}
