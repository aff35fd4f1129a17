using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Systemd;

/// <summary>A unit of the system's systemd, or of a user's own. Restarts are systemd's own jobs, so that what belongs to the unit goes with it in systemd's order.</summary>
internal sealed class SystemdService(string unit, ControlSettings settings, Systemctl systemctl, TimeProvider time) : IService
{
    private readonly Patience _patience = new(time);

    public string Name => unit;

    public string Manager => systemctl.Manager.Title;

    public async Task<ServiceStatus> ReadAsync(CancellationToken cancellation)
    {
        UnitProperties properties = UnitProperties.Parse(await systemctl.RunAsync(cancellation, "show", unit, "--property=" + UnitProperties.Wanted).ConfigureAwait(false));
        if (properties["LoadState"] == "not-found") throw new ControlException($"{Manager} has no unit {unit}");
        return properties.Status(unit) with { Manager = Manager };
    }

    public ImmutableArray<ControlStep> StartSteps(ServiceStatus now)
    {
        if (now.State is ServiceState.Running or ServiceState.Starting) throw ServiceErrors.AlreadyRunning(now);
        return [new ControlStep($"{Command} start {unit}{After(now)}; wait until it runs, at most {Seconds(settings.StartDeadline)}", work => JobAsync("start", now, work))];
    }

    public ImmutableArray<ControlStep> StopSteps(ServiceStatus now)
    {
        if (now.State == ServiceState.Stopped) throw ServiceErrors.NotRunning(now);
        return
        [
            new ControlStep($"{Command} stop {unit}{With(now, "stops")}; wait until it has ended, at most {Seconds(settings.StopDeadline)}", async work =>
            {
                await systemctl.RunAsync(work.Cancellation, "stop", "--no-block", unit).ConfigureAwait(false);
                ServiceStatus? last = null;
                ServiceStatus? stopped = await _patience.UntilAsync(
                    ReadAsync, status => status.State is ServiceState.Stopped or ServiceState.Failed, settings.StopDeadline, status => work.Tell((last = status).ToString()), work.Cancellation).ConfigureAwait(false);
                work.Tell((stopped ?? throw new ControlException($"it has not ended after {Seconds(settings.StopDeadline)}: {last}; systemd goes on, and kills it after its TimeoutStopSec")).ToString());
            }),
        ];
    }

    public ImmutableArray<ControlStep> RestartSteps(ServiceStatus now) =>
        [new ControlStep($"{Command} restart {unit}{With(now, "restarts")}; wait until it runs, at most {Seconds(settings.StopDeadline + settings.StartDeadline)}", work => JobAsync("restart", now, work))];

    public ImmutableArray<ControlStep> PauseSteps(ServiceStatus now) => throw ServiceErrors.CannotPause("systemd has no such thing for services");

    public ImmutableArray<ControlStep> ContinueSteps(ServiceStatus now) => throw ServiceErrors.CannotPause("systemd has no such thing for services");

    public EnvironmentChange ChangeEnvironment(ServiceStatus now, ImmutableSortedDictionary<string, string?> changes)
    {
        DropIn file = systemctl.Manager.DropInOf(unit, "environment");
        string? before = file.Read();
        string? after = DropIn.Environment(before, changes);
        string words = string.Join(' ', now.Environment.ValueOr([]).Where(entry => EnvironmentNames.All.Contains(entry.Key)).Select(entry => $"{entry.Key}={entry.Value}"));
        return new EnvironmentChange(
            words.Length == 0 ? "none of Go's variables set by the unit" : words,
            [Write(file, after, $"write {file.Path}: {EnvironmentNames.Words(changes)}"), Reload()],
            [Write(file, before, before is null ? $"remove {file.Path}" : $"write {file.Path} as it was"), Reload()]);
    }

    public ImmutableArray<ControlStep> RecoverySteps(ServiceStatus now, RecoveryPolicy wanted)
    {
        DropIn file = systemctl.Manager.DropInOf(unit, "recovery");
        return [Write(file, DropIn.Recovery(wanted), $"write {file.Path}: {wanted}"), Reload()];
    }

    public CoreKeeping? KeepCores(CoreSet? cores)
    {
        // Null too where root would have to write into a user's own folder.
        if (systemctl.Manager.DropIns is null) return null;
        DropIn file = systemctl.Manager.DropInOf(unit, "affinity");
        string? before = file.Read();
        string? after = cores is null ? null : DropIn.Affinity(cores.ToString());
        return new CoreKeeping(
            before is null ? "no cores are kept for its next starts" : $"{file.Path} keeps cores for its next starts",
            WriteAndReload(file, after, cores is null ? $"remove {file.Path}; {Command} daemon-reload" : $"write {file.Path}: CPUAffinity={cores}, for its next starts; {Command} daemon-reload"),
            WriteAndReload(file, before, before is null ? $"remove {file.Path}; {Command} daemon-reload" : $"write {file.Path} as it was; {Command} daemon-reload"));
    }

    public async Task<ImmutableArray<string>> LastLogLinesAsync(int lines, CancellationToken cancellation)
    {
        string output = await systemctl.RunAsync(
            "journalctl", [.. systemctl.Manager.JournalMatches(unit), "--lines=" + lines.ToString(CultureInfo.InvariantCulture), "--output=short-iso", "--no-pager", "--quiet"], cancellation).ConfigureAwait(false);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => PlainText.Clean(line, 1000))];
    }

    private string Command => systemctl.Manager.Command;

    private async Task JobAsync(string verb, ServiceStatus before, StepWork work)
    {
        await systemctl.RunAsync(work.Cancellation, verb, "--no-block", unit).ConfigureAwait(false);
        TimeSpan deadline = verb == "start" ? settings.StartDeadline : settings.StopDeadline + settings.StartDeadline;
        // Each start has an id of its own; before systemd 232 there is none, and the process tells.
        await _patience.UntilRunningAsync(ReadAsync, LastLogLinesAsync, status => status.Life is null ? status.ProcessId != before.ProcessId : status.Life != before.Life, deadline, work).ConfigureAwait(false);
    }

    private static ControlStep Write(DropIn file, string? content, string title) => new(title, _ =>
    {
        file.Write(content);
        return Task.CompletedTask;
    });

    private ControlStep WriteAndReload(DropIn file, string? content, string title) => new(title, async work =>
    {
        file.Write(content);
        await systemctl.RunAsync(work.Cancellation, "daemon-reload").ConfigureAwait(false);
    });

    private ControlStep Reload() => new($"{Command} daemon-reload", work => systemctl.RunAsync(work.Cancellation, "daemon-reload"));

    private static string With(ServiceStatus now, string verb) => now.Dependants.IsEmpty ? "" : $" (systemd {verb} with it what runs of: {string.Join(", ", now.Dependants)})";

    private static string After(ServiceStatus now) => now.DependsOn.IsEmpty ? "" : $" (systemd starts first what it needs: {string.Join(", ", now.DependsOn)})";

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0} s");
}
