using Polly;
using Polly.Retry;

namespace GoTop.Engine.Export.Exporters;

/// <summary>Tries again after ever longer pauses (jittered, so that a hundred agents do not come back at once); what the receiver asks for goes before them.</summary>
internal static class ExportRetry
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <param name="failed">Told of each try that failed, and after which pause it is tried again.</param>
    public static ResiliencePipeline Create(TimeProvider time, int most, TimeSpan firstPause, Action<ExportException, TimeSpan> failed) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = most,
            Delay = firstPause,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            DelayGenerator = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is ExportException { RetryAfter: { } asked } ? asked : (TimeSpan?)null),
            ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is ExportException { IsTransient: true }),
            OnRetry = attempt =>
            {
                failed((ExportException)attempt.Outcome.Exception!, attempt.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
