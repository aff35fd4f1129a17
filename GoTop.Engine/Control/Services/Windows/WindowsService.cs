using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.ServiceProcess;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>A service of Windows' service manager, with those that depend on it: they are stopped before it and started after it.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsService(string service, ControlSettings settings, TimeProvider time) : IService
{
    public const string ManagerName = "the service manager";

    private readonly Patience _patience = new(time);

    public string Name => service;

    public string Manager => ManagerName;

    public Task<ServiceStatus> ReadAsync(CancellationToken cancellation) => Task.Run(() => With(controller =>
    {
        // Each asking opens it anew, and a service that is deleted stays until nobody has it open any more.
        using SafeHandle handle = controller.ServiceHandle;
        (int? process, int exitCode, int specificCode) = ServiceCalls.Process(handle);
        bool flag = ServiceCalls.ActsOnStopWithError(handle);
        Reading<FailureActions> actions = ServiceCalls.ReadFailureActions(handle);
        return new ServiceStatus
        {
            Name = controller.ServiceName,
            Manager = ManagerName,
            DisplayName = PlainText.Clean(controller.DisplayName, 200),
            State = StateOf(controller.Status),
            StateWords = controller.Status.ToString(),
            ProcessId = process,
            CanPause = controller.CanPauseAndContinue,
            Dependants = [.. controller.DependentServices.Where(dependant => dependant.Status is not ServiceControllerStatus.Stopped).Select(dependant => dependant.ServiceName)],
            DependsOn = [.. controller.ServicesDependedOn.Select(other => other.ServiceName)],
            Error = controller.Status == ServiceControllerStatus.Stopped ? ErrorOf(exitCode, specificCode) : null,
            Recovery = actions.Select(known => known.Words(flag)),
            RecoveryPolicy = actions.ValueOr(null)?.Policy(flag),
            Environment = ServiceRegistry.ReadEnvironment(service),
        };
    }), cancellation);

    public ImmutableArray<ControlStep> StartSteps(ServiceStatus now)
    {
        if (now.State is ServiceState.Running or ServiceState.Starting) throw ServiceErrors.AlreadyRunning(now);
        string first = now.DependsOn.IsEmpty ? "" : $" (the service manager starts first what it needs: {string.Join(", ", now.DependsOn)})";
        return [StartStep(service, first)];
    }

    public ImmutableArray<ControlStep> StopSteps(ServiceStatus now)
    {
        if (now.State == ServiceState.Stopped) throw ServiceErrors.NotRunning(now);
        return [.. now.Dependants.Select(StopStep), StopStep(service)];
    }

    public ImmutableArray<ControlStep> RestartSteps(ServiceStatus now)
    {
        if (now.State == ServiceState.Stopped) return StartSteps(now);
        // They stop in the reverse order of that in which they start.
        return
        [
            .. now.Dependants.Append(service).Select(one => StopStep(one) with { NoReturn = true }),
            .. now.Dependants.Append(service).Reverse().Select(one => StartStep(one, "") with { Mends = true }),
        ];
    }

    public ImmutableArray<ControlStep> PauseSteps(ServiceStatus now)
    {
        if (now.State != ServiceState.Running) throw ServiceErrors.NotRunning(now);
        if (!now.CanPause) throw ServiceErrors.CannotPause("the service does not accept it");
        return [Step($"pause service {service}", controller => controller.Pause(), ServiceState.Paused, settings.StopDeadline)];
    }

    public ImmutableArray<ControlStep> ContinueSteps(ServiceStatus now)
    {
        if (now.State != ServiceState.Paused) throw new ControlException($"{service} is not paused: {now}");
        return [Step($"let service {service} go on", controller => controller.Continue(), ServiceState.Running, settings.StartDeadline)];
    }

    public EnvironmentChange ChangeEnvironment(ServiceStatus now, ImmutableSortedDictionary<string, string?> changes)
    {
        if (!now.Environment.TryGet(out ImmutableArray<KeyValuePair<string, string>> had)) throw new ControlException(now.Environment.Reason ?? "its environment is not known");
        ImmutableArray<KeyValuePair<string, string>> after =
        [
            .. had.Where(entry => !changes.Keys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)),
            .. changes.Where(change => change.Value is not null).Select(change => KeyValuePair.Create(change.Key, change.Value!)),
        ];
        string words = string.Join(' ', had.Where(entry => EnvironmentNames.All.Contains(entry.Key)).Select(entry => $"{entry.Key}={entry.Value}"));
        return new EnvironmentChange(
            words.Length == 0 ? "none of Go's variables set by the service" : words,
            [Write(after, $"registry, Environment of service {service}: {EnvironmentNames.Words(changes)}")], [Write(had, $"registry, Environment of service {service}: as it was")]);
    }

    public ImmutableArray<ControlStep> RecoverySteps(ServiceStatus now, RecoveryPolicy wanted) =>
    [
        new ControlStep($"service manager, failure actions of {service}: {wanted}", work => Task.Run(() => With(controller =>
        {
            ServiceCalls.SetFailureActions(service, wanted);
            // Under some systems the call says yes and keeps nothing.
            using SafeHandle handle = controller.ServiceHandle;
            Reading<FailureActions> read = ServiceCalls.ReadFailureActions(handle);
            bool flag = ServiceCalls.ActsOnStopWithError(handle);
            if (!read.TryGet(out FailureActions? actions)) throw new ControlException($"they were set, and cannot be read back: {read.Reason}");
            if (actions.Policy(flag) != wanted) throw new ControlException($"they were set, and read differently: {actions.Words(flag)}");
            work.Tell($"read back: {actions.Words(flag)}");
            return true;
        }), work.Cancellation)),
    ];

    /// <summary>Windows keeps no cores for a service.</summary>
    public CoreKeeping? KeepCores(CoreSet? cores) => null;

    public async Task<ImmutableArray<string>> LastLogLinesAsync(int lines, CancellationToken cancellation) =>
        await EventLogTool.LastLinesAsync(service, (await ReadAsync(cancellation).ConfigureAwait(false)).DisplayName, lines, time, cancellation).ConfigureAwait(false);

    /// <summary>It is there, whether it runs or not.</summary>
    public static bool Exists(string service)
    {
        using ServiceController controller = new(service);
        try
        {
            _ = controller.Status;
            return true;
        }
        catch (Exception missing) when (missing is InvalidOperationException or ArgumentException or Win32Exception)
        {
            return false;
        }
    }

    private ControlStep StopStep(string one) => Of(one).Step($"stop service {one}; wait until it has stopped, at most {settings.StopDeadline.TotalSeconds:0} s", controller => controller.Stop(), ServiceState.Stopped, settings.StopDeadline);

    private ControlStep StartStep(string one, string first) => new($"start service {one}{first}; wait until it runs, at most {settings.StartDeadline.TotalSeconds:0} s", async work =>
    {
        WindowsService of = Of(one);
        await Task.Run(() => of.With(controller =>
        {
            // After a stop that failed it may run still.
            if (controller.Status is not (ServiceControllerStatus.Running or ServiceControllerStatus.StartPending)) controller.Start();
            return true;
        }), work.Cancellation).ConfigureAwait(false);
        // Stopped again is no waiting any more: it has failed.
        await _patience.UntilRunningAsync(of.ReadStartedAsync, of.LastLogLinesAsync, _ => true, settings.StartDeadline, work).ConfigureAwait(false);
    });

    private ControlStep Step(string title, Action<ServiceController> act, ServiceState wanted, TimeSpan deadline) => new(title, async work =>
    {
        await Task.Run(() => With(controller =>
        {
            act(controller);
            return true;
        }), work.Cancellation).ConfigureAwait(false);
        ServiceStatus? last = null;
        ServiceStatus? reached = await _patience.UntilAsync(ReadAsync, now => now.State == wanted, deadline, now => work.Tell((last = now).ToString()), work.Cancellation).ConfigureAwait(false);
        work.Tell((reached ?? throw new ControlException($"after {deadline.TotalSeconds:0} s it is still {last}")).ToString());
    });

    private ControlStep Write(ImmutableArray<KeyValuePair<string, string>> environment, string title) => new(title, work =>
    {
        ServiceRegistry.WriteEnvironment(service, environment);
        return Task.CompletedTask;
    });

    private WindowsService Of(string one) => one == service ? this : new WindowsService(one, settings, time);

    private T With<T>(Func<ServiceController, T> use)
    {
        using ServiceController controller = new(service);
        try
        {
            return use(controller);
        }
        catch (InvalidOperationException refused)
        {
            Win32Exception? why = refused.InnerException as Win32Exception;
            throw new ControlException($"{service}: {why?.Message ?? refused.Message}{(why is null ? "" : $" ({why.NativeErrorCode})")}") { IsDenied = why?.NativeErrorCode == ServiceCalls.AccessDenied };
        }
        catch (Win32Exception refused)
        {
            throw new ControlException($"{service}: {refused.Message} ({refused.NativeErrorCode})") { IsDenied = refused.NativeErrorCode == ServiceCalls.AccessDenied };
        }
    }

    /// <summary>After its start was asked for: stopped means failed.</summary>
    private async Task<ServiceStatus> ReadStartedAsync(CancellationToken cancellation)
    {
        ServiceStatus now = await ReadAsync(cancellation).ConfigureAwait(false);
        return now.State == ServiceState.Stopped ? now with { State = ServiceState.Failed } : now;
    }

    private static string? ErrorOf(int exitCode, int specificCode) => exitCode switch
    {
        // Also what a service has that was never started since the machine began.
        0 or ServiceCalls.NeverStarted => null,
        ServiceCalls.ServiceSpecific => FormattableString.Invariant($"it ended with its own error {specificCode}"),
        _ => $"{new Win32Exception(exitCode).Message} ({exitCode})",
    };

    private static ServiceState StateOf(ServiceControllerStatus status) => status switch
    {
        ServiceControllerStatus.Stopped => ServiceState.Stopped,
        ServiceControllerStatus.StartPending => ServiceState.Starting,
        ServiceControllerStatus.Running => ServiceState.Running,
        ServiceControllerStatus.PausePending => ServiceState.Pausing,
        ServiceControllerStatus.Paused => ServiceState.Paused,
        ServiceControllerStatus.ContinuePending => ServiceState.Continuing,
        ServiceControllerStatus.StopPending => ServiceState.Stopping,
        _ => ServiceState.Unknown,
    };
}
