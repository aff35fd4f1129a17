using System.Collections.Immutable;
using GoTop.App.Acting;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Feeds;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>Acts behind the screen, one thing at a time: reads what there is, makes plans, carries out the one that was confirmed.</summary>
/// <param name="change">Publishes a changed status.</param>
/// <param name="follow">Watches the process a service came back with.</param>
internal sealed class ActingRunner(
    CliContext context, Func<GoTopConfig> config, ILogger log, Action<Func<ActingStatus, ActingStatus>> change, Action<string> say, Action<ProcessKey, string> follow) : IDisposable
{
    /// <summary>Leaving waits so long for what is under way: it may be between a stop and a start.</summary>
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private CancellationTokenSource? _cancel;
    private Task _running = Task.CompletedTask;
    private int _planning;
    private (ImmutableArray<ControlPlan> Plans, LiveFeed Live, IService Service)? _planned;
    private ImmutableArray<ControlPlan> _undo = [];

    public static string? WhyNot(LiveFeed? live) => live is null
        ? "A live process must be watched: nothing can be done to a recording."
        : live.Context.Target.Process is null ? "The target is known by its address only: act on its own machine." : null;

    /// <summary>Reads service, cores and priority anew.</summary>
    public void Read(LiveFeed live)
    {
        change(status => status with { Service = Reading.NotYet<ServiceStatus>(), Cores = Reading.NotYet<string>(), Priority = Reading.NotYet<string>() });
        _ = Task.Run(async () =>
        {
            ProcessKey process = live.Context.Target.Process!.Value;
            IProcessScheduling? scheduling = live.Context.Platform.Scheduling;
            Reading<string> cores = scheduling is null ? Reading.NotSupported<string>("not on this system") : scheduling.ReadThreads(process).Select(AffinityPlans.Sets);
            Reading<string> priority = scheduling is null ? Reading.NotSupported<string>("not on this system") : scheduling.ReadPriority(process).Select(known => known.ToString());
            change(status => status with { Cores = cores, Priority = priority });
            Reading<ServiceStatus> service;
            try
            {
                service = Reading.Of(await Service(live).ReadAsync(_closing.Token).ConfigureAwait(false));
            }
            catch (ControlException refused)
            {
                service = refused.IsDenied ? Reading.Denied<ServiceStatus>(refused.Message) : Reading.Failed<ServiceStatus>(refused.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            change(status => status with { Service = service });
        });
    }

    public void Plan(LiveFeed live, ActingRequest request)
    {
        int number = Interlocked.Increment(ref _planning);
        _planned = null;
        change(status => status with { Planned = null, Refusal = null, Production = live.Context.Settings.Rules.Production });
        _ = Task.Run(async () =>
        {
            try
            {
                IService service = Service(live);
                ImmutableArray<ControlPlan> plans = await PlansAsync(live, service, request).ConfigureAwait(false);
                ActionGate gate = Gate(live);
                string? refusal = plans.Select(plan => gate.Check(plan.Kind)).FirstOrDefault(reason => reason is not null);
                // Somebody quick asks for something else already.
                if (Volatile.Read(ref _planning) != number) return;
                _planned = (plans, live, service);
                change(status => status with { Planned = plans, Refusal = refusal });
            }
            catch (ControlException refused)
            {
                if (Volatile.Read(ref _planning) == number) change(status => status with { Refusal = refused.Message });
            }
            catch (OperationCanceledException)
            {
                // Closing.
            }
        });
    }

    /// <summary>Carries out what was planned last.</summary>
    public void Run()
    {
        lock (_lock)
        {
            if (!_running.IsCompleted || _planned is not { } planned) return;
            _planned = null;
            _cancel?.Dispose();
            _cancel = new CancellationTokenSource();
            CancellationToken cancellation = _cancel.Token;
            ControlPlan first = planned.Plans[0];
            _undo = [];
            change(status => status with { Earlier = [], CanUndo = false, Progress = new ControlProgress(first, [.. first.Steps.Select(step => new StepProgress(step.Title, StepState.Waiting))], ControlOutcome.Running) });
            _running = Task.Run(() => RunAsync(planned.Plans, planned.Live, planned.Service, cancellation), CancellationToken.None);
        }
    }

    public void Cancel()
    {
        lock (_lock) _cancel?.Cancel();
    }

    public void Dispose()
    {
        _closing.Cancel();
        Cancel();
        _running.Wait(PatienceAtEnd);
        _cancel?.Dispose();
    }

    private async Task RunAsync(ImmutableArray<ControlPlan> plans, LiveFeed live, IService service, CancellationToken cancellation)
    {
        try
        {
            AuditLog audit = new(config().Audit, context.Time);
            foreach (ControlPlan plan in plans)
            {
                ControlSession session = new(plan, Gate(live), audit, context.Time);
                session.Changed += () => change(status => status with { Progress = session.Progress });
                ControlProgress progress = await session.RunAsync(cancellation).ConfigureAwait(false);
                if (progress.Outcome is ControlOutcome.Done or ControlOutcome.Failed && plan.Undo is { } undo)
                {
                    // The last first.
                    _undo = _undo.Insert(0, undo);
                    change(status => status with { CanUndo = true });
                }

                string told = progress.Outcome == ControlOutcome.Done ? $"done: {plan.Summary}" : $"{progress.Outcome}: {plan.Summary}: {progress.Reason}";
                say(progress.AuditProblem is { } problem ? $"{told}; {problem}" : told);
                log.LogInformation("{Told}", told);
                if (progress.Outcome != ControlOutcome.Done) return;
                if (plan != plans[^1]) change(status => status with { Earlier = status.Earlier.Add($"{plan.Summary}; now: {progress.After}") });
            }

            await FollowAsync(live, service).ConfigureAwait(false);
        }
        catch (Exception bug)
        {
            say($"it failed: {bug.Message}");
            log.LogError(bug, "acting failed");
            change(status => status.Progress is { } progress ? status with { Progress = progress with { Outcome = ControlOutcome.Failed, Reason = bug.Message } } : status);
        }
    }

    /// <summary>After a restart the service is another process, and that is the one to be watched.</summary>
    private async Task FollowAsync(LiveFeed live, IService service)
    {
        ServiceStatus now = await service.ReadAsync(_closing.Token).ConfigureAwait(false);
        if (now.ProcessId is { } id && id != live.Context.Target.Process?.ProcessId && live.Context.Platform.FindProcess(id).TryGet(out ProcessKey process)) follow(process, live.Context.Target.Name);
    }

    private async Task<ImmutableArray<ControlPlan>> PlansAsync(LiveFeed live, IService service, ActingRequest request)
    {
        GoTopConfig settings = config();
        switch (request)
        {
            case ActingRequest.Schedule schedule:
                int? gomaxprocs = live.Latest?.Now.Go.Counters.Gomaxprocs is { HasValue: true, Value: var procs } ? procs : null;
                ImmutableArray<ControlPlan>.Builder plans = ImmutableArray.CreateBuilder<ControlPlan>();
                if (schedule.Cores is { } cores) plans.Add(AffinityPlans.Pin(live.Context, CorePlan.List(cores.ToString()), gomaxprocs));
                if (schedule.Priority is { } priority) plans.Add(AffinityPlans.Priority(live.Context, PriorityText.Parse(priority, null, null, OperatingSystem.IsWindows())));
                return plans.ToImmutable();
            case ActingRequest.Restart restart:
                IncidentCapture? capture = restart.Capture ? new IncidentCapture(settings.Capture, settings.Control, () => live.Condition, ToolVersion.Text) : null;
                return [await ServicePlans.RestartAsync(service, live.Context, capture, EnvironmentNames.Parse(restart.Environment), _closing.Token).ConfigureAwait(false)];
            case ActingRequest.Simple simple:
                return [await ServicePlans.OfAsync(simple.Kind, service, _closing.Token).ConfigureAwait(false)];
            case ActingRequest.Recovery recovery:
                return [await ServicePlans.RecoveryAsync(service, recovery.Policy, _closing.Token).ConfigureAwait(false)];
            default:
                return _undo.IsEmpty ? throw new ControlException("there is nothing to take back") : _undo;
        }
    }

    private IService Service(LiveFeed live) => context.Services(config().Control).Of(live.Context);

    private ActionGate Gate(LiveFeed live) => new(live.Context.Settings.Rules, Actor.OfThisProcess(Environment.GetEnvironmentVariable), config().ReadOnly, context.Time);
}
