using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>What watchdogs have in common.</summary>
/// <param name="Changed">Told of each new standing, on the watchdog's task.</param>
internal sealed record WatchdogParts(
    IPlatform Platform, TimeProvider Time, ILogger Log, string ToolVersion, Func<GoTopConfig> Config, AuditBacklog Audit, Action<WatchdogStanding> Changed);

/// <summary>
/// Watches over one target, on a task of its own: looks at it again and again, and restarts it when <see cref="WatchdogState"/> says so.
/// </summary>
internal sealed class TargetWatchdog : IAsyncDisposable
{
    /// <summary>A restart that is past its point of no return is waited for so long when the agent stops.</summary>
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(15);

    private readonly string _name;
    private readonly WatchdogParts _parts;
    private readonly WatchdogState _state;
    private readonly ProgressMemory _progress = new();
    private readonly Lock _gate = new();
    private readonly Lock _telling = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private Life? _life;
    private IService? _service;
    private bool _isRetired;

    public TargetWatchdog(string name, WatchdogSettings settings, WatchdogParts parts, WatchdogStanding? before)
    {
        (_name, _parts) = (name, parts);
        _state = new WatchdogState(name, settings, Now, before);
        parts.Changed(_state.Standing);
        _run = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>One process of the target; another instance for each change of it.</summary>
    /// <param name="Service">What starts it; null when that is not known.</param>
    private sealed record Life(TargetContext Target, IService? Service, string? Ended, OperatorAction? By);

    private WatchdogTime Now => new(_parts.Time.GetUtcNow(), _parts.Time.GetElapsedTime(0));

    public void Use(WatchdogSettings settings)
    {
        lock (_gate) _state.Settings = settings;
    }

    /// <param name="by">The person who restarted it; null for nobody.</param>
    public void Appeared(TargetContext target, OperatorAction? by)
    {
        _progress.Forget();
        DateTimeOffset now = _parts.Time.GetUtcNow();
        TimeSpan age = target.Target.Process is { } process && _parts.Platform.StartedAt(process).TryGet(out DateTimeOffset started) ? now - started : TimeSpan.MaxValue;
        Remember(target);
        Change(new Life(target, _service, null, null), () =>
        {
            if (by is not null) _state.TakenUp(Now, $"{by.Action} by {by.User}");
            _state.Appeared(Now, age);
        });
    }

    public void Ended(TargetContext target, string how, OperatorAction? by) => Change(new Life(target, _service, how, by), () => { });

    public void Left(string reason) => Change(null, () => _state.Left(Now, reason));

    public void Observed(Observation observation) => _progress.Add(observation, _parts.Time.GetElapsedTime(0));

    /// <summary>It is not wanted any more: from now on it tells nobody how it stands, also while it still ends what it is at.</summary>
    public void Retire()
    {
        lock (_telling) _isRetired = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _run.WaitAsync(PatienceAtEnd, _parts.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _parts.Log.LogWarning("{Target}: the watchdog was still restarting it when the agent stopped", _name);
            return;
        }

        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan every;
            lock (_gate) every = _state.Settings.Every;
            await Task.Delay(every, _parts.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return;
            try
            {
                await LookAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                _parts.Log.LogError(bug, "the watchdog of {Target} failed", _name);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        Life? life;
        WatchdogSettings settings;
        lock (_gate) (life, settings) = (_life, _state.Settings);
        if (life is null) return;
        GoTopConfig config = _parts.Config();
        ImmutableArray<CheckResult> results = await CheckCatalog.LookAsync(settings, new CheckSubject(life.Target, life.Ended, _progress), _parts.Time, cancellation).ConfigureAwait(false);
        bool fails = results.Any(result => result.Outcome == CheckOutcome.Failed);
        bool hasEnded = results.Any(result => result is { Check: ProcessCheck.Name, Outcome: CheckOutcome.Failed });
        WatchdogHold? hold = await new WatchdogHolds(config.Audit, _parts.Time).OfAsync(settings, life.Target, life.Service, hasEnded, life.By, fails, cancellation).ConfigureAwait(false);
        WatchdogRestart restart = new(config, Finder(), _parts.Time, _parts.ToolVersion, _parts.Audit);
        string? whyNot = restart.WhyNot(settings, life.Target);
        bool isDue = false;
        // What was seen of a life that is over says nothing of the next.
        if (!Change(life, () => isDue = _state.Look(Now, results, hold, whyNot), isTheSame: true) || !isDue) return;
        string why = string.Join("; ", results.Where(result => result.Outcome == CheckOutcome.Failed).Select(result => $"{result.Check}: {result.Words}"));
        bool isDone = false;
        string words = "it was broken off";
        string? captured = null;
        try
        {
            (isDone, words, captured) = await restart.RunAsync(_name, life.Target, hasEnded, life.Service, why, cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _state.RestartEnded(Now, isDone, words, captured);
            Tell();
        }
    }

    /// <summary>While it runs: an ended process does not tell how it was started.</summary>
    private void Remember(TargetContext target)
    {
        _service = null;
        if (target.Target.Process is null) return;
        string? problem;
        try
        {
            _service = Finder().Remember(target, out problem);
        }
        catch (Exception unforeseen)
        {
            // It is watched over all the same; only its own end cannot be made good.
            problem = PlainText.Clean(unforeseen.Message, 300);
        }

        if (problem is not null) _parts.Log.LogWarning("{Target} cannot be started again when it ends by itself: {Reason}", _name, problem);
    }

    private ServiceFinder Finder() => new(_parts.Platform, _parts.Config().Control, _parts.Time);

    /// <param name="isTheSame">Only if this life still holds.</param>
    private bool Change(Life? life, Action change, bool isTheSame = false)
    {
        lock (_gate)
        {
            if (isTheSame && !ReferenceEquals(_life, life)) return false;
            _life = life;
            change();
        }

        Tell();
        return true;
    }

    private void Tell()
    {
        // One after the other, so that nobody hears the older of two last.
        lock (_telling)
        {
            if (_isRetired) return;
            WatchdogStanding standing;
            lock (_gate) standing = _state.Standing;
            _parts.Changed(standing);
        }
    }
}
