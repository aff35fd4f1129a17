using System.Collections.Immutable;
using System.Globalization;
using GoTop.App;
using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Discovery;
using GoTop.Engine.Fleet;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Feeds;
using GoTop.Panes;
using GoTop.Panes.Alerts;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>
/// What stands behind the screen: finds processes, opens targets, owns the feed. Called from the UI thread; what takes
/// time goes on in tasks and ends in <see cref="Changed"/>.
/// </summary>
internal sealed class ScreenHost : IAppHost, IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    private readonly CliContext _context;
    private readonly TargetOpener _opener;
    private readonly OwnLog _log;
    private readonly CaptureRunner _captures;
    private readonly AgentLook _agent;
    private readonly ActingRunner _acting;
    private readonly FlightRecorderHolder _flights;
    private readonly FleetHolder _fleet;
    private readonly ITimer _looking;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private GoTopConfig _config;
    private IObservationFeed? _feed;
    private AppFacts _facts = AppFacts.Empty;
    private string? _message;
    private ScreenOptions? _options;
    private int _isLooking;
    private int _opening;

    public ScreenHost(CliContext context, GoTopConfig config, OwnLog log)
    {
        (_context, _config, _log) = (context, config, log);
        Logger = log.Factory.CreateLogger("gotop");
        _opener = new TargetOpener(context.Platform, context.Finder, context.Time, Logger);
        _agent = new AgentLook(context.Platform, context.Time);
        _captures = new CaptureRunner(context.Time, Logger, status => SetFacts(facts => facts with { Capture = status }), Say);
        _acting = new ActingRunner(
            context, () => Volatile.Read(ref _config), Logger, change => SetFacts(facts => facts with { Acting = change(facts.Acting) }), Say, Open);
        _flights = new FlightRecorderHolder(context.Platform, config.FlightRecorder, Logger);
        _fleet = new FleetHolder(
            context, Logger, fleet => SetFacts(facts => facts with { Fleet = fleet }), detail => SetFacts(facts => facts with { FleetDetail = detail }));
        _log.Changed += OnLogChanged;
        _log.ProblemChanged += OnLogProblem;
        OnLogChanged();
        // The list goes on changing under a person who is choosing; once a target is open it is left alone.
        _looking = context.Time.CreateTimer(
            _ =>
            {
                LookWhenIdle();
                LookForAgent();
            },
            null, LookAgain, LookAgain);
    }

    public event Action? Changed;

    public ILogger Logger { get; }

    public IObservationFeed? Feed => Volatile.Read(ref _feed);

    public AppFacts Facts => Volatile.Read(ref _facts);

    public string? TakeMessage() => Interlocked.Exchange(ref _message, null);

    public void OpenTarget(TargetIdentity target)
    {
        if (target.Process is { } process) Open(process, target.Name);
    }

    public void WatchFleet() => _fleet.Start(Volatile.Read(ref _config));

    public void ShowFleetTarget(FleetRow? row) => _fleet.Show(row);

    public void OpenFleetTarget(FleetRow row) => Open(row.Name, async closing =>
    {
        if (row.Target is { } target) return await ResolveAsync(target, closing).ConfigureAwait(false);
        if (await _fleet.FindLocalAsync(row, closing).ConfigureAwait(false) is { Process: { } process })
            return await ResolveAsync(process.ProcessId.ToString(CultureInfo.InvariantCulture), closing).ConfigureAwait(false);
        throw new CliException(ExitCode.TargetNotFound, $"{row.Name} is known by its metrics alone: these are its figures");
    });

    public void RefreshProcesses() => _ = LookAsync(anew: true);

    public void OpenDemo()
    {
        try
        {
            SetFeed(Demo.Open(_context.Time, Logger));
        }
        catch (Exception e)
        {
            Say($"the demo cannot be shown: {e.Message}");
        }
    }

    /// <summary>Watches a target that has been resolved already.</summary>
    public void Watch(ResolvedTarget target)
    {
        TargetContext context = _opener.Context(target, _config) with { FlightRecorder = () => _flights.Current };
        AgentPast past = new(() => AgentStateFile.Find(Volatile.Read(ref _config).Agent, _context.Platform), target.Identity, _context.Platform, _context.Time, Logger);
        SetFeed(new LiveFeed(context, _opener.Open(context, _config.Interval, past: past.Derivation), past));
    }

    public void Show(IObservationFeed feed) => SetFeed(feed);

    public CaptureOffer CaptureOffer => CaptureRunner.Offer(Feed as LiveFeed, _config.Capture, _flights);

    public void StartCapture(CaptureRequest request)
    {
        if (Feed is LiveFeed live) _captures.Start(live, request, _config.Capture);
    }

    public Reading<TimeSpan> FlightRecorder => Feed is LiveFeed
        ? _flights.Current.Select(recorder => recorder.Keeps)
        : Reading.NotSupported<TimeSpan>("a live service must be watched: of a recording there are no events to save");

    public void CancelCapture() => _captures.Cancel();

    public void OpenCaptured(CaptureItem item) => _captures.Open(item, _config.Capture);

    public string? WhyNoActing => ActingRunner.WhyNot(Feed as LiveFeed);

    public void ReadActing()
    {
        if (Feed is LiveFeed live) _acting.Read(live);
    }

    public void PlanActing(ActingRequest request)
    {
        if (Feed is LiveFeed live) _acting.Plan(live, request);
    }

    public void RunActing() => _acting.Run();

    public void CancelActing() => _acting.Cancel();

    public Task<ResolvedTarget> ResolveAsync(string text, CancellationToken cancellation) => _opener.ResolveAsync(text, _config.Targets, cancellation);

    public ScreenOptions? TakeOptions() => Interlocked.Exchange(ref _options, null);

    /// <summary>
    /// Takes on a configuration that has changed on disk: look and keys at once, the interval and targets for what is
    /// opened from now on.
    /// </summary>
    public void Reconfigure(GoTopConfig config, ScreenOptions options, ImmutableArray<ConfigProblem> problems)
    {
        Volatile.Write(ref _config, config);
        Volatile.Write(ref _options, options);
        Report(problems, "configuration read again");
    }

    /// <summary>Shows the first problem and logs them all.</summary>
    public void Report(ImmutableArray<ConfigProblem> problems, string whenSound)
    {
        foreach (ConfigProblem problem in problems) Logger.LogWarning("{Problem}", problem.ToString());
        string more = problems.Length > 1 ? $" (and {problems.Length - 1} more: gotop config check)" : "";
        Say(problems.IsEmpty ? whenSound : problems[0] + more);
    }

    public void Say(string message)
    {
        Volatile.Write(ref _message, message);
        Changed?.Invoke();
    }

    public void Dispose()
    {
        _closing.Cancel();
        _captures.Dispose();
        _flights.Dispose();
        _fleet.Dispose();
        _acting.Dispose();
        _looking.Dispose();
        _log.Changed -= OnLogChanged;
        _log.ProblemChanged -= OnLogProblem;
        Feed?.Dispose();
    }

    private void Open(ProcessKey process, string name) => Open(name, async closing =>
    {
        ResolvedTarget target = await ResolveAsync(process.ProcessId.ToString(CultureInfo.InvariantCulture), closing).ConfigureAwait(false);
        // Its id may have passed to another process since the list was made.
        return target.Identity.Process == process ? target : throw new CliException(ExitCode.TargetNotFound, $"{name} (process {process.ProcessId}) has ended");
    });

    private void Open(string name, Func<CancellationToken, Task<ResolvedTarget>> resolve)
    {
        int opening = Interlocked.Increment(ref _opening);
        _ = Task.Run(async () =>
        {
            try
            {
                ResolvedTarget target = await resolve(_closing.Token).ConfigureAwait(false);
                // Somebody quick has chosen another one meanwhile.
                if (Volatile.Read(ref _opening) != opening) return;
                Watch(target);
                Logger.LogInformation("watching {Name} (process {Process})", target.Identity.Name, target.Identity.Process?.ProcessId);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Say(e.Message);
                Logger.LogWarning("{Name} cannot be opened: {Reason}", name, e.Message);
            }
        });
    }

    private void SetFeed(IObservationFeed feed)
    {
        IObservationFeed? old;
        lock (_gate)
        {
            old = _feed;
            Volatile.Write(ref _feed, feed);
        }

        old?.Dispose();
        Interlocked.Exchange(ref _message, null);
        Changed?.Invoke();
    }

    private void LookWhenIdle()
    {
        // Who looks at the fleet chooses none of this machine's processes.
        if (Feed is null && !_fleet.IsRunning) _ = LookAsync(anew: false);
    }

    /// <summary>A recording that is played was made elsewhere, or at another time.</summary>
    private void LookForAgent()
    {
        (SourceStatus? now, Reading<AgentAlerts> alerts) = Feed is LiveFeed
            ? _agent.Look(Volatile.Read(ref _config).Agent)
            : (null, Reading.NotSupported<AgentAlerts>("what is shown is no live target"));
        AppFacts before = Facts;
        bool isNews = now != before.Agent || alerts.State != before.Alerts.State || alerts.Reason != before.Alerts.Reason
            || (alerts.TryGet(out AgentAlerts? told) && before.Alerts.TryGet(out AgentAlerts? toldBefore) && told.IsNewsAfter(toldBefore));
        // Mere figures are drawn with the next observation.
        SetFacts(facts => facts with { Agent = now, Alerts = alerts }, isNews);
    }

    /// <param name="anew">Ask all services for their pprof pages, also those whose answer is known.</param>
    private async Task LookAsync(bool anew)
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1) return;
        try
        {
            GoProcessList found = await Task.Run(() => _context.Finder.Find(_closing.Token)).ConfigureAwait(false);
            ImmutableArray<GoProcess> processes = anew ? found.Processes : _context.Finder.WithKnownPprof(found.Processes, Facts.Processes.ValueOr([]));
            Publish(processes);
            Publish(await _context.Finder.ProbePprofAsync(processes, _closing.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
        catch (Exception e)
        {
            Logger.LogWarning("looking for Go processes failed: {Reason}", e.Message);
            SetFacts(facts => facts with { Processes = Reading.Failed<ImmutableArray<GoProcess>>(PlainText.Clean(e.Message, 300)) });
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private void Publish(ImmutableArray<GoProcess> processes) => SetFacts(facts => facts with { Processes = Reading.Of(processes) });

    private void OnLogProblem(string? problem) => Say(OwnLogWords.OfFile(problem));

    private void OnLogChanged() => SetFacts(facts => facts with { OwnLog = _log.Lines });

    private void SetFacts(Func<AppFacts, AppFacts> change, bool isNews = true)
    {
        lock (_gate) Volatile.Write(ref _facts, change(_facts));
        if (isNews) Changed?.Invoke();
    }
}
