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

    private const int MostReasonChars = 1000;

    /// <summary>What broke off is most likely a fault of ours that the next line does not meet.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    private readonly LogIntake _intake;
    private readonly ImmutableArray<ILogInput> _inputs;
    private readonly string?[] _faults;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;

    internal LogSource(LogIntake intake, ImmutableArray<ILogInput> inputs, TimeProvider time)
    {
        _intake = intake;
        _inputs = inputs;
        _faults = new string?[inputs.Length];
        _time = time;
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
        if (locations.IsEmpty) return null;
        LogIntake intake = new(new LogTally(context.Time.GetUtcNow(), CodeOrigins.Of(context.Target), context.WatchedLogFilters), context.Time);
        return new LogSource(intake, LogInputs.Open(context, locations, intake), context.Time);
    }

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        _running ??= Task.WhenAll(_inputs.Select((input, i) => Task.Run(() => FollowAsync(input, i), CancellationToken.None)));
        List<LogProblem> problems = [];
        for (int i = 0; i < _inputs.Length; i++) AddProblems(i, problems, cancellation);
        cancellation.ThrowIfCancellationRequested();
        int logs = _inputs.Sum(input => input.Logs);
        (ImmutableArray<LogLine> lines, long dropped, LogCounters counters) = _intake.Drain(logs);
        string? reason = problems.Count == 0 ? null : PlainText.Clean(string.Join("; ", problems.Select(problem => problem.Text)), MostReasonChars);
        SourceState state = lines.IsEmpty ? StateOf(problems, logs) : SourceState.Ok;
        SampleFacts facts = new() { LogLines = lines, LogLinesDropped = dropped, Logs = state == SourceState.Failed ? NotReadNow(counters, reason!) : Reading.Of(counters) };
        return ValueTask.FromResult(new SourceResult(facts, state, reason));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            if (_running is not null) await _running.ConfigureAwait(false);
        }
        finally
        {
            foreach (ILogInput input in _inputs) input.Dispose();
            _stop.Dispose();
        }
    }

    /// <summary>What has been written by now belongs to this tick. A fault of one input silences no other.</summary>
    private void AddProblems(int i, List<LogProblem> problems, CancellationToken cancellation)
    {
        ILogInput input = _inputs[i];
        string? fault = Volatile.Read(ref _faults[i]);
        try
        {
            input.Catch(cancellation);
            problems.AddRange(input.Problems);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            fault ??= Words(broken);
        }

        // Each tick reads on nevertheless, so that it is silent only as far as its own problems say.
        if (fault is not null) problems.Add(new LogProblem(LogProblemKind.Partial, fault));
    }

    private static SourceState StateOf(List<LogProblem> problems, int logs) =>
        problems.Count(problem => problem.Kind != LogProblemKind.Partial) < logs ? SourceState.Ok
        : problems.Exists(problem => problem.Kind == LogProblemKind.Unreadable) ? SourceState.Failed
        : SourceState.NotYet;

    /// <summary>That no line came says nothing where no log can be read.</summary>
    private static Reading<LogCounters> NotReadNow(LogCounters counters, string reason) =>
        counters.Patterns.IsEmpty && counters.Crashes.IsEmpty ? Reading.Failed<LogCounters>(reason) : Reading.Of(counters).AsStale(reason);

    private static string Words(Exception broken) => $"following a log broke off, and is tried again: {broken.Message}";

    private async Task FollowAsync(ILogInput input, int i)
    {
        try
        {
            while (true)
            {
                try
                {
                    await input.RunAsync(_stop.Token).ConfigureAwait(false);
                    return;
                }
                catch (Exception broken) when (!_stop.IsCancellationRequested)
                {
                    Volatile.Write(ref _faults[i], Words(broken));
                }

                await Task.Delay(PauseAfterFault, _time, _stop.Token).ConfigureAwait(false);
                Volatile.Write(ref _faults[i], null);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }
}
