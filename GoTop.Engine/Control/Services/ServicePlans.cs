using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Services;

/// <summary>Plans for starting, stopping and setting up a service.</summary>
public static class ServicePlans
{
    /// <param name="target">The running target; null for a service that does not run, of which nothing can be captured.</param>
    /// <param name="capture">Evidence first; null for none.</param>
    /// <param name="environment">What its next start finds in its environment; empty for no change.</param>
    /// <exception cref="ControlException">It cannot be restarted, or is not there.</exception>
    public static async Task<ControlPlan> RestartAsync(
        IService service, TargetContext? target, IncidentCapture? capture, ImmutableSortedDictionary<string, string?> environment, CancellationToken cancellation)
    {
        ServiceStatus now = await service.ReadAsync(cancellation).ConfigureAwait(false);
        ImmutableArray<ControlStep> restart = service.RestartSteps(now);
        ControlStep[] evidence = capture is null || target is null ? [] : [capture.Step(target, service)];
        if (environment.IsEmpty) return Plan(ControlCatalog.Restart, service, now, $"restart {Named(service)}", [.. evidence, .. restart]);
        EnvironmentChange change = service.ChangeEnvironment(now, environment);
        string words = EnvironmentNames.Words(environment);
        ControlPlan undo = Plan(ControlCatalog.Environment, service, now, $"undo: restart {Named(service)} with its environment as it was", [.. change.Undo, .. restart]);
        return Plan(ControlCatalog.Environment, service, now, $"restart {Named(service)} with {words}", [.. evidence, .. change.Steps, .. restart]) with
        {
            Before = $"{now}; {change.Before}",
            Undo = undo,
            // The same with the environment, so that the audit log has it.
            ReadBack = async token =>
            {
                ServiceStatus after = await service.ReadAsync(token).ConfigureAwait(false);
                return after.Environment.TryGet(out ImmutableArray<KeyValuePair<string, string>> set)
                    ? $"{after}; {string.Join(' ', set.Where(entry => EnvironmentNames.All.Contains(entry.Key)).Select(entry => $"{entry.Key}={entry.Value}"))}"
                    : after.ToString();
            },
        };
    }

    /// <summary>What a restart is for one that has ended by itself: evidence, as far as there is any left, and a start.</summary>
    /// <exception cref="ControlException">It cannot be started.</exception>
    public static async Task<ControlPlan> StartAgainAsync(IService service, TargetContext target, IncidentCapture? capture, CancellationToken cancellation)
    {
        ServiceStatus now = await service.ReadAsync(cancellation).ConfigureAwait(false);
        ImmutableArray<ControlStep> start = service.StartSteps(now);
        ControlStep[] evidence = capture is null ? [] : [capture.LogStep(target, service)];
        return Plan(ControlCatalog.Restart, service, now, $"start {Named(service)} again", [.. evidence, .. start]);
    }

    /// <exception cref="ControlException">It cannot be done, or is not there.</exception>
    public static async Task<ControlPlan> OfAsync(ControlKind kind, IService service, CancellationToken cancellation)
    {
        ServiceStatus now = await service.ReadAsync(cancellation).ConfigureAwait(false);
        if (kind == ControlCatalog.Start) return Plan(kind, service, now, $"start {Named(service)}", service.StartSteps(now));
        if (kind == ControlCatalog.Stop) return Plan(kind, service, now, $"stop {Named(service)}", service.StopSteps(now));
        if (kind == ControlCatalog.Pause) return Plan(kind, service, now, $"pause {Named(service)}", service.PauseSteps(now));
        if (kind == ControlCatalog.Continue) return Plan(kind, service, now, $"let {Named(service)} go on", service.ContinueSteps(now));
        throw new ArgumentException($"no plan for {kind.Id}", nameof(kind));
    }

    /// <exception cref="ControlException">It cannot be set, or is not there.</exception>
    public static async Task<ControlPlan> RecoveryAsync(IService service, RecoveryPolicy wanted, CancellationToken cancellation)
    {
        ServiceStatus now = await service.ReadAsync(cancellation).ConfigureAwait(false);
        ControlPlan plan = Plan(ControlCatalog.Recovery, service, now, $"{Named(service)}: {wanted}", service.RecoverySteps(now, wanted)) with
        {
            Before = Recovery(now),
            ReadBack = async token => Recovery(await service.ReadAsync(token).ConfigureAwait(false)),
        };
        return now.RecoveryPolicy is not { } before ? plan : plan with
        {
            Undo = plan with { Summary = $"undo: {Named(service)}: {before}", Steps = service.RecoverySteps(now, before) },
        };
    }

    private static ControlPlan Plan(ControlKind kind, IService service, ServiceStatus now, string summary, ImmutableArray<ControlStep> steps) => new()
    {
        Kind = kind,
        Target = service.Name,
        Summary = summary,
        Before = now.ToString(),
        Steps = steps,
        Warnings = now.Dependants.IsEmpty || kind == ControlCatalog.Start ? [] : [$"these depend on it: {string.Join(", ", now.Dependants)}"],
        ReadBack = async token => (await service.ReadAsync(token).ConfigureAwait(false)).ToString(),
    };

    private static string Recovery(ServiceStatus status) => status.Recovery.TryGet(out string? words) ? words : $"not known: {status.Recovery.Reason}";

    private static string Named(IService service) => $"{service.Name} ({service.Manager})";
}
