using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Processes;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>Why a target that fails is to be let be now: a person is at it, its own service manager is, or it is a time of maintenance.</summary>
internal sealed class WatchdogHolds(AuditSettings audit, TimeProvider time)
{
    /// <summary>A restart by a person captures evidence first, stops and starts; that it does not come back after that is trouble.</summary>
    public static readonly TimeSpan PersonsTime = TimeSpan.FromMinutes(2);

    /// <param name="service">Its service manager; null when it is not known.</param>
    /// <param name="by">Who ended it, when it has ended.</param>
    /// <returns>Null when nothing stands in the way.</returns>
    public async Task<WatchdogHold?> OfAsync(WatchdogSettings settings, TargetContext target, IService? service, bool hasEnded, OperatorAction? by, bool fails, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetLocalNow();
        if (settings.Maintenance.FirstOrDefault(window => window.Contains(now)) is { } window) return new WatchdogHold($"maintenance: {window}", "until the window is over");
        if (!fails) return null;
        if (hasEnded && by?.Action == ControlCatalog.Stop.Id) return Person(by, "until it runs again");
        // Also one that has begun and not ended yet: the process may still be there.
        if ((by ?? new OperatorActions(audit, time).Latest(target.Target)) is { } recent && now - recent.Time < PersonsTime)
            return Person(recent, FormattableString.Invariant($"until {recent.Time + PersonsTime:HH:mm:ss}Z"));
        if (!hasEnded || service is null) return null;
        return service is PlainProcess started ? await OfStartedAsync(started, cancellation).ConfigureAwait(false) : await OfManagerAsync(service, cancellation).ConfigureAwait(false);
    }

    private static WatchdogHold Person(OperatorAction action, string until)
    {
        string what = $"{action.Action} by {action.User}";
        return new WatchdogHold(what, until, what);
    }

    /// <summary>A second one beside the one that was started, since that is found late, would be worse than none.</summary>
    private static async Task<WatchdogHold?> OfStartedAsync(PlainProcess started, CancellationToken cancellation)
    {
        ServiceStatus status = await started.ReadAsync(cancellation).ConfigureAwait(false);
        return status.State == ServiceState.Running ? new WatchdogHold(FormattableString.Invariant($"it was started again as process {status.ProcessId}"), "until the agent has found that", IsOwn: true) : null;
    }

    private static async Task<WatchdogHold?> OfManagerAsync(IService service, CancellationToken cancellation)
    {
        try
        {
            ServiceStatus status = await service.ReadAsync(cancellation).ConfigureAwait(false);
            return status.State switch
            {
                ServiceState.Stopped when status.Error is null => new WatchdogHold($"{service.Manager} says that it was stopped in order: {status}", "until it runs again"),
                ServiceState.Starting or ServiceState.Stopping or ServiceState.Running => new WatchdogHold($"{service.Manager} is at it: {status}", "until the agent has found it"),
                _ when status.StateWords.Contains("auto-restart", StringComparison.Ordinal) => new WatchdogHold($"{service.Manager} starts it again by itself: {status}", "until it has"),
                _ => null,
            };
        }
        catch (ControlException)
        {
            // Nobody can say that it was stopped on purpose.
            return null;
        }
    }
}
