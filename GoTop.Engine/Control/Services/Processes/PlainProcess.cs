using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Control.Services.Processes;

/// <summary>
/// A process that no service manager knows: it is asked to end, ended for good after a deadline, and started again, when that
/// was asked for, from its own command line, environment and directory.
/// </summary>
internal sealed class PlainProcess(IPlatform platform, ProcessKey process, string name, ControlSettings settings, ProcessSignals signals, TimeProvider time) : IService
{
    public const string ManagerName = "no service manager";

    private readonly Patience _patience = new(time);
    private ImmutableSortedDictionary<string, string?> _environment = ImmutableSortedDictionary<string, string?>.Empty;
    private ProcessKey _process = process;

    public string Name => name;

    /// <summary>How it was started, remembered from while it ran; null when nobody did.</summary>
    public Relaunch? Remembered { get; init; }

    public string Manager => ManagerName;

    public Task<ServiceStatus> ReadAsync(CancellationToken cancellation)
    {
        bool isAlive = platform.IsAlive(_process);
        return Task.FromResult(new ServiceStatus
        {
            Name = name,
            Manager = ManagerName,
            State = isAlive ? ServiceState.Running : ServiceState.Stopped,
            StateWords = isAlive ? "running" : "ended",
            ProcessId = isAlive ? _process.ProcessId : null,
            Life = string.Create(CultureInfo.InvariantCulture, $"{_process.ProcessId} {_process.StartToken}"),
            Recovery = Reading.NotSupported<string>("no service manager watches over it"),
            Environment = Reading.NotSupported<ImmutableArray<KeyValuePair<string, string>>>("no service manager starts it"),
        });
    }

    public ImmutableArray<ControlStep> StartSteps(ServiceStatus now)
    {
        if (now.State == ServiceState.Running) throw ServiceErrors.AlreadyRunning(now);
        return [StartStep(Remembered ?? throw new ControlException($"{name} is a plain process that has ended: nothing tells how it is started"))];
    }

    public ImmutableArray<ControlStep> StopSteps(ServiceStatus now)
    {
        if (now.State != ServiceState.Running) throw ServiceErrors.NotRunning(now);
        return [StopStep()];
    }

    public ImmutableArray<ControlStep> RestartSteps(ServiceStatus now)
    {
        if (now.State != ServiceState.Running) throw ServiceErrors.NotRunning(now);
        // Read while it runs: what cannot be read is known before it is stopped.
        Relaunch again = Relaunch.Of(platform, _process);
        return
        [
            StopStep() with { NoReturn = true },
            StartStep(again),
        ];
    }

    public ImmutableArray<ControlStep> PauseSteps(ServiceStatus now) => throw ServiceErrors.CannotPause("no service manager runs it");

    public ImmutableArray<ControlStep> ContinueSteps(ServiceStatus now) => throw ServiceErrors.CannotPause("no service manager runs it");

    public EnvironmentChange ChangeEnvironment(ServiceStatus now, ImmutableSortedDictionary<string, string?> changes)
    {
        ImmutableArray<KeyValuePair<string, string>> had = platform.Environment(_process).ValueOr([]);
        ImmutableSortedDictionary<string, string?> back = changes.ToImmutableSortedDictionary(
            change => change.Key, string? (change) => had.FirstOrDefault(entry => entry.Key == change.Key).Value, StringComparer.Ordinal);
        return new EnvironmentChange(EnvironmentNames.Words(back), [Remember(changes)], [Remember(back)]);

        ControlStep Remember(ImmutableSortedDictionary<string, string?> wanted) => new($"start it with {EnvironmentNames.Words(wanted)}", _ =>
        {
            _environment = wanted;
            return Task.CompletedTask;
        });
    }

    public ImmutableArray<ControlStep> RecoverySteps(ServiceStatus now, RecoveryPolicy wanted) => throw new ControlException("no service manager watches over it");

    public CoreKeeping? KeepCores(CoreSet? cores) => null;

    /// <summary>Of the file that its standard error goes to, where it is known: a panic is written there.</summary>
    public Task<ImmutableArray<string>> LastLogLinesAsync(int lines, CancellationToken cancellation)
    {
        if (Remembered?.ErrorFile is not { } file) return Task.FromResult(ImmutableArray<string>.Empty);
        try
        {
            return Task.FromResult<ImmutableArray<string>>([.. LogTail.Read(file, lines).Select(line => PlainText.Clean(line, 1000))]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ControlException($"{file} cannot be read: {refused.Message}");
        }
    }

    private ControlStep StartStep(Relaunch again) => new($"start it again: {again}", async work =>
    {
        ProcessKey before = _process;
        _process = again.Start(platform, _environment);
        await _patience.UntilRunningAsync(ReadAsync, LastLogLinesAsync, _ => _process != before, settings.StartDeadline, work).ConfigureAwait(false);
    });

    private ControlStep StopStep() => new(
        $"{ProcessSignals.Graceful} process {_process.ProcessId}; end it for good when it has not ended within {settings.StopDeadline.TotalSeconds:0} s", StopAsync);

    private async Task StopAsync(StepWork work)
    {
        string asked = await signals.AskToEndAsync(_process, work.Cancellation).ConfigureAwait(false);
        work.Tell(asked);
        if (await EndedAsync(settings.StopDeadline).ConfigureAwait(false))
        {
            work.Tell($"{asked}: it has ended");
            return;
        }

        work.Tell("it has not ended: it is ended for good");
        signals.Kill(_process);
        if (!await EndedAsync(settings.StopDeadline).ConfigureAwait(false)) throw new ControlException($"process {_process.ProcessId} has not ended although it was killed: it hangs in the kernel");
        work.Tell($"it had not ended within {settings.StopDeadline.TotalSeconds:0} s and was killed");

        async Task<bool> EndedAsync(TimeSpan deadline) =>
            await _patience.UntilAsync(ReadAsync, status => status.State == ServiceState.Stopped, deadline, _ => { }, work.Cancellation).ConfigureAwait(false) is not null;
    }
}
