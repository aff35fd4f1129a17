using System.Collections.Immutable;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent;

/// <summary>
/// One <c>[[target]]</c>, life after life: looks for it, samples it until its process ends, looks for it again.
/// </summary>
internal sealed class TargetWatch : IAsyncDisposable
{
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>How long closing may take: sources that read end soon, and the rest of a recording is written.</summary>
    public static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(8);

    private readonly WatchSettings _settings;
    private readonly AgentServices _services;
    private readonly ConsumerHub _consumers;
    private readonly Action _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private AgentTargetState _state;
    private AgentTarget? _target;
    private string? _ended;
    private OperatorAction? _by;

    /// <summary>Of the watch before this one, until something newer is known.</summary>
    private TargetPast? _past;
    private TargetRecorder? _recorder;
    private Observation? _latest;
    private long _lastReadingTicks;

    /// <param name="past">What is known of it; null for nothing.</param>
    /// <param name="changed">Called when the target was found or lost, on a task of this watch: hand it on quickly.</param>
    public TargetWatch(WatchSettings settings, TargetPast? past, AgentServices services, ConsumerHub consumers, Action changed)
    {
        (_settings, _services, _consumers, _changed) = (settings, services, consumers, changed);
        _state = new AgentTargetState(
            TargetNaming.NameOf(settings.Target), TargetNaming.WhatOf(settings.Target), TargetPhase.Looking, services.Time.GetUtcNow(), null, past?.Ended ?? "not looked for yet", null, past?.Lives ?? 0,
            null, null, 0);
        if (past?.Target is { } target)
        {
            // What may be done to it, and its labels, are as they are written now.
            _target = target with { Context = target.Context with { Settings = settings.Target } };
            (_past, _ended, _by) = (past, past.Ended, past.By);
        }

        _run = Task.Run(() => RunAsync(_stop.Token));
    }

    public WatchSettings Settings => _settings;

    public string Name => _state.Name;

    /// <summary>For the watch that takes its place; once this one has ended.</summary>
    public TargetPast Past => new(_state.What, _target, _ended, _by, _state.Lives);

    /// <summary>Settings of the same target.</summary>
    public bool IsOf(WatchSettings settings) => TargetNaming.NameOf(settings.Target) == Name && Past.IsOf(settings);

    public AgentTargetState State
    {
        get
        {
            AgentTargetState state = Volatile.Read(ref _state);
            long ticks = Interlocked.Read(ref _lastReadingTicks);
            TargetRecorder? recorder = Volatile.Read(ref _recorder);
            return state with
            {
                LastReadingAt = ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero),
                Reason = state.Reason ?? WhyNothingIsRead(Volatile.Read(ref _latest)),
                Recording = recorder?.File,
                RecordingProblem = recorder?.Problem,
                LostTicks = recorder?.LostTicks ?? 0,
            };
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await FindAsync(cancellation).ConfigureAwait(false) is { } found) await WatchAsync(found, cancellation).ConfigureAwait(false);
                else await Task.Delay(LookAgain, _services.Time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                // Of one target: the others go on, and so does this one.
                _services.Log.LogError(bug, "watching {Target} failed", Name);
                Missing(PlainText.Clean(bug.Message, 300));
                await Task.Delay(LookAgain, _services.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<ResolvedTarget?> FindAsync(CancellationToken cancellation)
    {
        TargetResolver resolver = new(_services.Platform, _services.Finder, []);
        TargetResolution resolution = await Task.Run(() => resolver.Resolve(_settings.Target), cancellation).ConfigureAwait(false);
        if (resolution.Target is not { } target)
        {
            TargetProblem problem = resolution.Problem!;
            if (problem.Kind == TargetProblemKind.NotFound) TellPast(problem.Message.Split('\n')[0]);
            // That it is not there any more has just been said in other words.
            if (problem.Kind != TargetProblemKind.NotFound || _state.Lives == 0) Missing(problem.Message.Split('\n')[0]);
            return null;
        }

        if (target.Identity.Process is null) return target;
        ImmutableArray<GoProcess> probed = await _services.Finder.ProbePprofAsync([new GoProcess(target.Identity, [])], cancellation).ConfigureAwait(false);
        return target with { Identity = probed[0].Identity };
    }

    private async Task WatchAsync(ResolvedTarget found, CancellationToken cancellation)
    {
        AgentTarget target = new(Name, TargetContext.Of(found, _settings.Config, _services.Platform, _services.Time) with { WatchedLogFilters = WatchSettings.LogFiltersOf(_settings.Config) });
        TargetRecorder? recorder = _settings.Config.Agent.Record ? new TargetRecorder(_services, _settings.Config.Agent, found.Identity, Name) : null;
        Volatile.Write(ref _recorder, recorder);
        TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Sampler sampler = new(
            target.Context.Target, SourceCatalog.All.Select(entry => entry.Create(target.Context)).OfType<ISource>(), _settings.Config.Interval, _services.Time, _services.Log,
            recorder is null ? null : recorder.Add);
        sampler.Published += () =>
        {
            if (sampler.Latest is not { } latest) return;
            bool first = Interlocked.Exchange(ref _latest, latest) is null;
            if (WhyNothingIsRead(latest) is null) Interlocked.Exchange(ref _lastReadingTicks, latest.Now.Time.UtcTicks);
            _consumers.Observed(target, latest);
            // Its recording and its first reading belong into the state at once.
            if (first) _changed();
            if (latest.Now.TargetEnded is { } how) ended.TrySetResult(how);
        };
        Found(target);
        string lost;
        try
        {
            sampler.Start();
            lost = await ended.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            // The sampler ends first, so that its last sample is still written.
            await sampler.DisposeAsync().ConfigureAwait(false);
            if (recorder is not null) await recorder.DisposeAsync().ConfigureAwait(false);
            Volatile.Write(ref _recorder, null);
            Volatile.Write(ref _latest, null);
        }

        Lost(target, lost);
    }

    /// <summary>It is not there, as it was before these settings held, or has ended while nobody watched it: then it is known to be down.</summary>
    private void TellPast(string notFound)
    {
        if (_past is not { Target: not null } past) return;
        _past = null;
        if (past.Ended is null) Lost(_target!, $"it ended while it was not watched: {PlainText.Clean(notFound, 250)}");
        else Tell(new AgentEvent(AgentEventKind.Lost, _services.Time.GetUtcNow(), _target!, past.Ended, past.By));
    }

    private void Found(AgentTarget target)
    {
        int? process = target.Context.Target.Process?.ProcessId;
        bool isSameLife = _past is { Ended: null, Target: { } before } && process is not null && before.Context.Target.Process == target.Context.Target.Process;
        bool again = _state.Lives > 0 && !isSameLife;
        (_target, _past, _ended, _by) = (target, null, null, null);
        Set(state => state with { Phase = TargetPhase.Watched, Since = _services.Time.GetUtcNow(), ProcessId = process, Reason = null, Lives = state.Lives + (isSameLife ? 0 : 1) });
        string where = process is { } id ? FormattableString.Invariant($"process {id}") : target.Context.Target.PprofUrl.ValueOr(null) ?? "";
        _services.Log.LogInformation("{Target} {What}: {Where}", Name, again ? "came back" : "found", where);
        Tell(new AgentEvent(again ? AgentEventKind.CameBack : AgentEventKind.Found, _services.Time.GetUtcNow(), target, where, again ? ByWhom(target) : null));
    }

    private void Lost(AgentTarget target, string how)
    {
        OperatorAction? by = ByWhom(target);
        (_ended, _by) = (how, by);
        Set(state => state with { Phase = TargetPhase.Looking, Since = _services.Time.GetUtcNow(), ProcessId = null, Reason = how });
        _services.Log.LogWarning("{Target} lost: {How}{By}", Name, how, by is null ? "" : $" ({by.Action} by {by.User})");
        Tell(new AgentEvent(AgentEventKind.Lost, _services.Time.GetUtcNow(), target, how, by));
    }

    /// <summary>Said once, not every time that it is looked for.</summary>
    private void Missing(string reason)
    {
        reason = PlainText.Clean(reason, 300);
        if (_state.Phase == TargetPhase.Looking && _state.Reason == reason) return;
        Set(state => state with { Phase = TargetPhase.Looking, ProcessId = null, Reason = reason });
        _services.Log.LogWarning("{Target} is not there: {Reason}", Name, reason);
        _changed();
    }

    private void Tell(AgentEvent happened)
    {
        _consumers.Happened(happened);
        _changed();
    }

    private OperatorAction? ByWhom(AgentTarget target) => new OperatorActions(_settings.Config.Audit, _services.Time).Latest(target.Context.Target);

    private void Set(Func<AgentTargetState, AgentTargetState> change) => Volatile.Write(ref _state, change(_state));

    /// <summary>An address answers nothing, or the process may not be read: null while any source can read it.</summary>
    private static string? WhyNothingIsRead(Observation? latest)
    {
        if (latest is null || latest.Now.Sources.Any(source => source.State is SourceState.Ok or SourceState.NotYet)) return null;
        return latest.Now.Sources.Select(source => source.Reason).FirstOrDefault(reason => reason is not null) ?? "nothing of it can be read";
    }

    public async ValueTask DisposeAsync() => await EndAsync(goesOn: false).ConfigureAwait(false);

    /// <param name="goesOn">Another watch of the same target follows: nobody is told that it is not watched.</param>
    public async Task EndAsync(bool goesOn)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _run.WaitAsync(PatienceAtEnd, _services.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _services.Log.LogWarning("{Target} was not closed in time; its recording keeps all but the last moments", Name);
            return;
        }
        finally
        {
            if (!goesOn && _target is { } target) _consumers.Happened(new AgentEvent(AgentEventKind.Unwatched, _services.Time.GetUtcNow(), target, "it is not watched any more", null));
        }

        _stop.Dispose();
    }
}
