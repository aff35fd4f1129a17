using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Systemd;
using GoTop.Engine.Model;

namespace GoTop.Engine.Agent.Installation;

/// <summary>The agent as a unit of the system's systemd.</summary>
/// <param name="programs">Where systemd's programs lie; null for the path. For tests, as the next two.</param>
/// <param name="stateFolder">Made by the installation, so that what root does by hand from then on is audited there, too.</param>
internal sealed class SystemdAgentService(
    ControlSettings settings, TimeProvider time, string? programs = null, string units = DropIn.SystemUnits, string? stateFolder = null) : IAgentService
{
    private const string Exec = "ExecStart=";

    private readonly Systemctl _systemctl = new(time, programs);
    private readonly SystemdService _service = new(AgentServiceNames.Systemd, settings, new Systemctl(time, programs, SystemdManager.OfSystem with { DropIns = units }), time);
    private readonly string _state = stateFolder ?? StateFolder.OfTheMachine();

    public string Name => AgentServiceNames.Systemd;

    private string UnitFile => Path.Combine(units, AgentServiceNames.Systemd);

    public Reading<string> Installed()
    {
        try
        {
            return File.Exists(UnitFile)
                ? Reading.Of(PlainText.Clean(File.ReadLines(UnitFile).FirstOrDefault(line => line.StartsWith(Exec, StringComparison.Ordinal))?[Exec.Length..] ?? UnitFile, 500))
                : Reading.NotSupported<string>($"there is no {UnitFile}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Reading.Denied<string>(PlainText.Clean(refused.Message, 300));
        }
    }

    public async Task<Reading<ServiceStatus>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return Reading.Of(await _service.ReadAsync(cancellation).ConfigureAwait(false));
        }
        catch (ControlException problem)
        {
            return Reading.NotSupported<ServiceStatus>(problem.Message);
        }
    }

    public async Task<ControlPlan> InstallAsync(AgentCommand command, bool start, CancellationToken cancellation)
    {
        command.Check();
        string text = AgentUnit.Text(command);
        ControlStep[] running = start ? [await StartStepAsync(cancellation).ConfigureAwait(false)] : [];
        return new ControlPlan
        {
            Kind = ControlCatalog.Install,
            Target = Name,
            Summary = $"install the agent as {Name}",
            Before = Words(),
            Written = [.. text.TrimEnd('\n').Split('\n')],
            Steps =
            [
                new ControlStep($"make the folder {_state}, which all may read", _ => DoAsync(() => Directory.CreateDirectory(_state))),
                new ControlStep($"write {UnitFile}, as below", _ => DoAsync(() => WriteUnit(text))),
                new ControlStep("systemctl daemon-reload", work => _systemctl.RunAsync(work.Cancellation, "daemon-reload")),
                new ControlStep($"systemctl enable {Name}: it starts with the machine", work => _systemctl.RunAsync(work.Cancellation, "enable", Name)),
                .. running,
            ],
            Warnings = start ? [] : [$"it is not started: systemctl start {Name}"],
            ReadBack = async token => await WordsAsync(token).ConfigureAwait(false),
        };
    }

    public Task<ControlPlan> UninstallAsync(CancellationToken cancellation)
    {
        if (!File.Exists(UnitFile)) throw new ControlException($"it is not installed: there is no {UnitFile}");
        return Task.FromResult(new ControlPlan
        {
            Kind = ControlCatalog.Uninstall,
            Target = Name,
            Summary = $"remove the agent's unit {Name}",
            Before = Words(),
            Steps =
            [
                new ControlStep($"systemctl disable --now {Name}", work => _systemctl.RunAsync(work.Cancellation, "disable", "--now", Name)),
                new ControlStep($"remove {UnitFile}", _ => DoAsync(() => File.Delete(UnitFile))),
                new ControlStep("systemctl daemon-reload", work => _systemctl.RunAsync(work.Cancellation, "daemon-reload")),
            ],
            Warnings = [$"{_state} with its recordings and logs stays"],
            ReadBack = _ => Task.FromResult(Words()),
        });
    }

    private async Task<ControlStep> StartStepAsync(CancellationToken cancellation)
    {
        Reading<ServiceStatus> now = await ReadAsync(cancellation).ConfigureAwait(false);
        ServiceStatus unknown = new()
        {
            Name = Name,
            Manager = SystemdManager.OfSystem.Title,
            State = ServiceState.Stopped,
            StateWords = "not installed",
            Environment = Reading.NotYet<ImmutableArray<KeyValuePair<string, string>>>(),
        };
        // One that runs is restarted, so that it takes on what was written.
        return now.TryGet(out ServiceStatus? status) && status.State is ServiceState.Running or ServiceState.Starting ? _service.RestartSteps(now.Value)[0] : _service.StartSteps(now.ValueOr(unknown)!)[0];
    }

    private void WriteUnit(string text)
    {
        Directory.CreateDirectory(units);
        File.WriteAllText(UnitFile + ".new", text, new UTF8Encoding(false));
        File.Move(UnitFile + ".new", UnitFile, overwrite: true);
    }

    private string Words() => Installed() is { HasValue: true } installed ? $"installed: {installed.Value}" : "not installed";

    private async Task<string> WordsAsync(CancellationToken cancellation) =>
        $"{Words()}; {(await ReadAsync(cancellation).ConfigureAwait(false) is { HasValue: true } status ? status.Value.ToString() : "systemd does not know it")}";

    private static Task DoAsync(Action act)
    {
        try
        {
            act();
            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new ControlException($"{refused.Message} (run GoTop as root)") { IsDenied = true };
        }
    }
}
