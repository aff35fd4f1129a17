using GoTop.Engine.Http;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// How often one page is tried: again after 100, 200 and 400 ms where that may help, and not at all for a while
/// once half of the tries of 10 s failed. The pause is 1 s, then twice the last, at most 30 s.
/// </summary>
/// <remarks>A page that is refused (4xx) or is not what was asked for is neither tried again nor counted as a failure.</remarks>
internal sealed class PprofPipeline
{
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private TimeSpan _currentBreak;

    public PprofPipeline(TimeProvider time)
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = static attempt => ValueTask.FromResult(IsTransient(attempt.Outcome.Exception)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                // One reading's tries: a service that is just away is left alone after 0.7 s.
                MinimumThroughput = 4,
                BreakDurationGenerator = opening => ValueTask.FromResult(_currentBreak = BreakAfter(opening.HalfOpenAttempts)),
                StateProvider = _breaker,
                ShouldHandle = static attempt => ValueTask.FromResult(IsTransient(attempt.Outcome.Exception)),
            })
            .Build();
    }

    /// <param name="attempt">Throws <see cref="HttpException"/>, also when the deadline it is given has passed.</param>
    /// <param name="deadline">No try and no wait goes on beyond this.</param>
    /// <exception cref="HttpException">The last try's, with the breaker's state where it is open.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public async ValueTask<PageBody> ExecuteAsync(
        Func<CancellationToken, ValueTask<PageBody>> attempt, CancellationToken deadline, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellation);
        HttpException? last = null;
        try
        {
            return await _pipeline.ExecuteAsync(TryOnceAsync, either.Token).ConfigureAwait(false);
        }
        catch (BrokenCircuitException broken)
        {
            throw Open(broken.InnerException?.Message ?? last?.Message ?? "failures", broken.RetryAfter ?? _currentBreak);
        }
        catch (HttpException failure) when (failure.IsTransient && _breaker.CircuitState == CircuitState.Open)
        {
            throw Open(failure.Message, _currentBreak);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw last ?? new HttpException(HttpFailure.Late, "there was no time left to ask");
        }

        async ValueTask<PageBody> TryOnceAsync(CancellationToken token)
        {
            try
            {
                return await attempt(token).ConfigureAwait(false);
            }
            catch (HttpException failure)
            {
                last = failure;
                throw;
            }
        }
    }

    private static bool IsTransient(Exception? failure) => failure is HttpException { IsTransient: true };

    private static TimeSpan BreakAfter(int halfOpenAttempts)
    {
        TimeSpan pause = FirstBreak * Math.Pow(2, Math.Min(halfOpenAttempts, 10));
        return pause < LongestBreak ? pause : LongestBreak;
    }

    private static HttpException Open(string reason, TimeSpan left) =>
        new(HttpFailure.BreakerOpen, $"breaker open after: {reason}; next try in {Math.Max(1, Math.Ceiling(left.TotalSeconds))} s");
}
