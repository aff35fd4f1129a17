using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Sampling;

/// <summary>
/// One source at its place in the sampler: when it is due, whether a reading is under way, and what it last gave.
/// Only the sampler's task touches it.
/// </summary>
internal sealed class SourceSlot(ISource source, TimeProvider time, ILogger log)
{
    /// <summary>A source may take at most this share of the time: a dear one is read less often.</summary>
    private const double LargestShare = 0.05;

    private const int CostsKept = 4;

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(30);

    /// <summary>After this a reading is told to give up.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly ISource _source = source;
    private readonly Queue<TimeSpan> _costs = new(CostsKept);
    private SampleFacts _facts = SampleFacts.None;
    private SampleFacts _factsBefore = SampleFacts.None;
    private SourceState _state;
    private string? _reason;
    private double? _costMilliseconds;
    private long _startedAt;
    private long? _readAtNanoseconds;
    private RequestActivity? _requests;
    private TimeSpan _period = source.Period;
    private bool _hasStarted;
    private bool _hasEnded;
    private int _readings;

    public string Name => _source.Name;

    public bool FollowsInterest => _source.FollowsInterest;

    /// <summary>The reading under way.</summary>
    public Task<Finished>? Running { get; private set; }

    /// <summary>How the target ended, as the last reading or the source itself says; null while it runs.</summary>
    public string? TargetEnded => _hasEnded ? _reason : _source.WhetherTargetEnded();

    public string? Reason => _reason;

    public bool IsDue(TimeSpan interval)
    {
        if (Running is not null) return false;
        if (!_hasStarted) return true;
        TimeSpan period = _period > interval ? _period : interval;
        // A timer fires a little early or late; without this slack a source would skip every second tick.
        return time.GetElapsedTime(_startedAt) >= period - (interval / 4);
    }

    /// <summary>Begins a reading; the task ends with it and never fails.</summary>
    public Task Start(Interest interest, CancellationToken cancellation)
    {
        _hasStarted = true;
        _startedAt = time.GetTimestamp();
        return Running = ReadAsync(interest, cancellation);
    }

    /// <summary>A reading and how long it took, whenever it is taken in.</summary>
    internal readonly record struct Finished(SourceResult Result, TimeSpan Cost, long AtNanoseconds);

    private async Task<Finished> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        SourceResult result = await TryReadAsync(interest, cancellation).ConfigureAwait(false);
        return new Finished(result, time.GetElapsedTime(_startedAt), time.MonotonicNanoseconds());
    }

    private async Task<SourceResult> TryReadAsync(Interest interest, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline = new(Deadline, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            // Off the sampler's task, so that a source which blocks in a system call blocks nobody else.
            return await Task.Run(() => _source.ReadAsync(interest, either.Token).AsTask(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return SourceResult.Not(SourceState.Failed, $"gave no answer within {Deadline.TotalSeconds:0} s");
        }
        catch (OperationCanceledException)
        {
            return SourceResult.Not(SourceState.NotYet, "cancelled");
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "source {Source} failed", _source.Name);
            return SourceResult.Not(SourceState.Failed, PlainReason(exception));
        }
    }

    /// <summary>Takes a finished reading in. A reading that gave nothing keeps no older facts alive.</summary>
    public void Collect()
    {
        if (Running is not { IsCompleted: true } finished) return;
        Running = null;
        // ReadAsync catches everything, so the task has a result.
        (SourceResult result, TimeSpan cost, long at) = finished.GetAwaiter().GetResult();
        _requests = result.Requests;
        _costMilliseconds = (_requests?.Cost ?? cost).TotalMilliseconds;
        if (_source.TimeIsCost) _period = PeriodFor(cost);
        _state = result.State;
        _reason = result.Reason;
        // Lines of a reading that was taken in, but not yet handed on, are not to be lost to the next one.
        SampleFacts read = result.Facts.ReadAt(at);
        _factsBefore = _facts;
        _facts = read with { LogLines = _facts.LogLines.AddRange(read.LogLines), LogLinesDropped = _facts.LogLinesDropped + read.LogLinesDropped };
        if (_requests is not null) _readAtNanoseconds = _requests.ReadAtNanoseconds;
        else if (result.State == SourceState.Ok) _readAtNanoseconds = time.MonotonicNanoseconds();
        _hasEnded |= result.TargetEnded;
    }

    /// <summary>
    /// The cheapest of the last few readings counts: on a machine in trouble a reading's time is mostly waiting for a core.
    /// The first does not count at all, since it opens and learns what later ones only read.
    /// </summary>
    private TimeSpan PeriodFor(TimeSpan cost)
    {
        if (_readings++ == 0) return _source.Period;
        if (_costs.Count == CostsKept) _costs.Dequeue();
        _costs.Enqueue(cost);
        TimeSpan affordable = _costs.Min() / LargestShare;
        return affordable < _source.Period ? _source.Period : affordable > LongestPeriod ? LongestPeriod : affordable;
    }

    /// <summary>The facts for this tick, marked as old when a reading is under way that should have ended.</summary>
    public SampleFacts Take()
    {
        SampleFacts facts = Running is null ? _facts : _facts.AsStale($"{Name} has not answered for {time.GetElapsedTime(_startedAt).TotalSeconds:0.0} s");
        _facts = _facts.Carried();
        return facts;
    }

    /// <summary>
    /// The facts for the tick in which the target is seen to have ended: those of the newest reading that gave any, marked
    /// as old. What a service looked like just before it ended is what one asks for.
    /// </summary>
    public SampleFacts TakeLast(string ended)
    {
        SampleFacts latest = Take();
        return _state == SourceState.Ok
            ? latest
            : _factsBefore.AsStale(ended) with { LogLines = latest.LogLines, LogLinesDropped = latest.LogLinesDropped };
    }

    public SourceStatus Status()
    {
        (SourceState state, string? reason) = Running is null || _state == SourceState.NotYet
            ? (_state, _reason)
            : (SourceState.Stale, $"no answer for {time.GetElapsedTime(_startedAt).TotalSeconds:0.0} s");
        return new SourceStatus(Name, state, reason, _costMilliseconds)
        {
            AgeSeconds = (time.MonotonicNanoseconds() - _readAtNanoseconds) / 1e9,
            CostToTarget = _source.CostToTarget,
            PeriodSeconds = (_requests is null ? _period : _requests.Every)?.TotalSeconds,
        };
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string PlainReason(Exception exception) => PlainText.Clean(exception.Message, 300);
}
