using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// Follows a target's logs from shortly before their end. Inputs read on at their own pace; a tick takes the newest lines and
/// what all of them were.
/// </summary>
public sealed class LogSource : ISource
{
    public const string SourceName = "logs";

    private readonly LogIntake _intake;
    private readonly ImmutableArray<ILogInput> _inputs;
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;

    internal LogSource(TargetContext context, ImmutableArray<LogLocation> locations)
    {
        _intake = new LogIntake(new LogTally(context.Time.GetUtcNow(), CodeOrigins.Of(context.Target), context.WatchedLogFilters), context.Time);
        _inputs = LogInputs.Open(context, locations, _intake);
    }

    public string Name => SourceName;

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => "none";

    /// <summary>Read less often, it would show less: lines come whether they are read or not.</summary>
    public bool TimeIsCost => false;

    public static SourceStatus Check(TargetContext context) => LogInputs.Of(context).IsEmpty
        ? new SourceStatus(SourceName, SourceState.NotSupported, $"no log is configured for this target (logs = [\"/path/file.log\"]){LogInputs.WhyNoneOpen(context)}", CostMilliseconds: null)
        : new SourceStatus(SourceName, SourceState.Ok, Reason: null, CostMilliseconds: null);

    /// <summary>The files lie on this machine, wherever the target runs.</summary>
    public static ISource? Create(TargetContext context)
    {
        ImmutableArray<LogLocation> locations = LogInputs.Of(context);
        return locations.IsEmpty ? null : new LogSource(context, locations);
    }

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        _running ??= Task.WhenAll(_inputs.Select(input => Task.Run(() => RunAsync(input), CancellationToken.None)));
        // What has been written by now belongs to this tick.
        foreach (ILogInput input in _inputs) input.Catch(cancellation);
        cancellation.ThrowIfCancellationRequested();
        int logs = _inputs.Sum(input => input.Logs);
        (ImmutableArray<LogLine> lines, long dropped, LogCounters counters) = _intake.Drain(logs);
        string[] problems = [.. _inputs.SelectMany(input => input.Problems)];
        string? reason = problems.Length == 0 ? null : string.Join("; ", problems);
        SourceState state = problems.Length >= logs && lines.IsEmpty ? SourceState.NotYet : SourceState.Ok;
        SampleFacts facts = new() { LogLines = lines, LogLinesDropped = dropped, Logs = Reading.Of(counters) };
        return ValueTask.FromResult(new SourceResult(facts, state, reason));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_running is not null) await _running.ConfigureAwait(false);
        foreach (ILogInput input in _inputs) input.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(ILogInput input)
    {
        try
        {
            await input.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
