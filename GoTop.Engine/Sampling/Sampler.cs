using System.Collections.Immutable;
using System.Threading.Channels;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Sampling;

/// <summary>
/// The one writer: on each tick it reads the sources that are due, beside one another, derives, and publishes. A late
/// source shows as stale and never holds up a tick.
/// </summary>
public sealed class Sampler : IAsyncDisposable
{
    /// <summary>Ticks after which a past that is still not there is done without.</summary>
    private const int MostWaited = 60;

    private readonly TargetIdentity _target;
    private readonly ImmutableArray<SourceSlot> _slots;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<Sample>? _onSample;
    private Derivation _derivation = new();
    private Task<Derivation?>? _past;
    private readonly List<Sample> _sinceStart = [];
    private readonly ConditionWindow _condition = new();
    private readonly Channel<Wake> _wake = Channel.CreateBounded<Wake>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Interest _interest = Interest.None;
    private TargetCondition _fares = TargetCondition.Unknown;
    private Observation? _latest;
    private Task? _run;

    /// <param name="onSample">Called with every sample, for a recording; must not block.</param>
    /// <param name="past">
    /// Knows what was recorded of the target until now, or is null; taken on in the first tick after it is there. Null for none.
    /// </param>
    public Sampler(
        TargetIdentity target, IEnumerable<ISource> sources, TimeSpan interval, TimeProvider time, ILogger log, Action<Sample>? onSample = null, Task<Derivation?>? past = null)
    {
        _past = past;
        _target = target;
        _slots = [.. sources.Select(source => new SourceSlot(source, time, log))];
        _interval = interval;
        _time = time;
        _log = log;
        _onSample = onSample;
    }

    private enum Wake
    {
        Tick,
        InterestChanged,
        LateReading,
    }

    /// <summary>Raised after each publication, on the sampler's task: hand it on quickly.</summary>
    public event Action? Published;

    /// <summary>The past that was recorded before has been taken on: <see cref="Latest"/> and what comes after it know it.</summary>
    public bool KnowsPast { get; private set; }

    /// <summary>The newest observation; null until the first tick is over.</summary>
    public Observation? Latest => Volatile.Read(ref _latest);

    /// <summary>How the target fares as of the newest tick.</summary>
    public TargetCondition Condition => Volatile.Read(ref _fares);

    /// <summary>What the screen shows now. Setting it reads the sources that care at once.</summary>
    public Interest Interest
    {
        get => Volatile.Read(ref _interest);
        set
        {
            if (Interest == value) return;
            Volatile.Write(ref _interest, value);
            _wake.Writer.TryWrite(Wake.InterestChanged);
        }
    }

    public void Start() => _run ??= RunAsync(_stop.Token);

    private async Task RunAsync(CancellationToken cancellation)
    {
        // Off the caller's thread, also for the first tick.
        await Task.Yield();
        await using ITimer timer = _time.CreateTimer(_ => _wake.Writer.TryWrite(Wake.Tick), null, _interval, _interval);
        try
        {
            await TryTickAsync(Wake.Tick, cancellation).ConfigureAwait(false);
            while (Latest?.Now.TargetEnded is null)
            {
                Wake wake = await _wake.Reader.ReadAsync(cancellation).ConfigureAwait(false);
                await TryTickAsync(wake, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>A tick that fails costs its observation and no more: the screen must not stand still without a word.</summary>
    private async Task TryTickAsync(Wake wake, CancellationToken cancellation)
    {
        try
        {
            await TickAsync(wake, cancellation).ConfigureAwait(false);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            _log.LogError(bug, "a tick of {Target} failed", _target.Name);
        }
    }

    private async Task TickAsync(Wake wake, CancellationToken cancellation)
    {
        long begun = _time.GetTimestamp();
        foreach (SourceSlot slot in _slots) slot.Collect();
        List<Task> started = [];
        Interest interest = Interest with { Condition = _fares };
        foreach (SourceSlot slot in _slots)
        {
            if (slot.IsDue(_interval) || (wake == Wake.InterestChanged && slot.FollowsInterest && slot.Running is null))
                started.Add(slot.Start(interest, cancellation));
        }

        await WaitForReadingsAsync(started, cancellation).ConfigureAwait(false);
        foreach (SourceSlot slot in _slots) slot.Collect();
        cancellation.ThrowIfCancellationRequested();

        SampleFacts facts = SampleFacts.None;
        string? ended = _slots.Select(slot => slot.TargetEnded).FirstOrDefault(how => how is not null);
        foreach (SourceSlot slot in _slots) facts = facts.Or(ended is null ? slot.Take() : slot.TakeLast(ended));
        Sample sample = new()
        {
            Time = _time.GetUtcNow(),
            MonotonicNanoseconds = _time.MonotonicNanoseconds(),
            Target = _target,
            Facts = facts,
            Sources = [.. _slots.Select(slot => slot.Status())],
            TargetEnded = ended,
        };
        _onSample?.Invoke(sample);
        Volatile.Write(ref _fares, _condition.Next(facts.Runtime));
        if (_past is not null) TakePastOn(sample);
        Observation observation = _derivation.Next(sample, _time.GetElapsedTime(begun).TotalMilliseconds);
        Volatile.Write(ref _latest, observation);
        Published?.Invoke();
    }

    /// <summary>Before a sample is derived: what was recorded, then what has been sampled since the start.</summary>
    private void TakePastOn(Sample sample)
    {
        if (!_past!.IsCompleted && _sinceStart.Count < MostWaited)
        {
            _sinceStart.Add(sample);
            return;
        }

        if (_past is { IsCompletedSuccessfully: true, Result: { } derivation })
        {
            foreach (Sample own in _sinceStart) derivation.Next(own, 0);
            _derivation = derivation;
            KnowsPast = true;
        }

        _past = null;
        _sinceStart.Clear();
    }

    /// <summary>
    /// Waits for the readings that this tick has begun, but no longer than half a tick: what is late is taken in at a
    /// later one, which its end brings about. Those that were late before are not waited for again.
    /// </summary>
    private async Task WaitForReadingsAsync(List<Task> started, CancellationToken cancellation)
    {
        if (started.Count == 0) return;
        TimeSpan patience = TimeSpan.FromMilliseconds(Math.Min(500, _interval.TotalMilliseconds / 2));
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task all = Task.WhenAll(started);
        await Task.WhenAny(all, Task.Delay(patience, _time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        foreach (Task late in started.Where(task => !task.IsCompleted))
            _ = late.ContinueWith(_ => _wake.Writer.TryWrite(Wake.LateReading), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is not null) await _run.ConfigureAwait(false);
        foreach (SourceSlot slot in _slots)
        {
            // A source that is still reading has been told to stop; it is disposed of when it does.
            if (slot.Running is { IsCompleted: false } running)
                _ = running.ContinueWith(_ => slot.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            else await slot.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }
}
