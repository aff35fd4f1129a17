using System.ComponentModel;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Windows;
using GoTop.Engine.Model;

namespace GoTop.Engine.Agent.Installation;

/// <summary>
/// The agent as a Windows service, as LocalSystem: reading the memory of services of other accounts needs SeDebugPrivilege, and
/// starting and stopping them an administrator.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsAgentService(ControlSettings settings, TimeProvider time) : IAgentService
{
    private static readonly RecoveryPolicy Recovery = new(RestartCondition.OnFailure, TimeSpan.FromSeconds(5));

    private const int MostLooks = 50;

    private readonly WindowsService _service = new(AgentServiceNames.Windows, settings, time);
    private readonly TimeProvider _time = time;

    public string Name => AgentServiceNames.Windows;

    public Reading<string> Installed() => WindowsService.Exists(Name)
        ? ServiceRegistry.ReadCommand(Name)
        : Reading.NotSupported<string>($"there is no service {Name}");

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
        string line = CommandLine(command);
        string folder = StateFolder.OfTheMachine();
        bool exists = WindowsService.Exists(Name);
        bool runs = (await ReadAsync(cancellation).ConfigureAwait(false)).TryGet(out ServiceStatus? now) && now.State == ServiceState.Running;
        ServiceStatus stopped = now ?? NotInstalled();
        return new ControlPlan
        {
            Kind = ControlCatalog.Install,
            Target = Name,
            Summary = $"install the agent as the service {Name}",
            Before = Words(),
            Written = [line],
            Steps =
            [
                new ControlStep($"make the folder {folder}, which administrators write and users read", _ => DoAsync(() => MakeFolder(folder))),
                new ControlStep($"service manager: {(exists ? "change" : "create")} {Name} ({AgentServiceNames.WindowsDisplay}), as LocalSystem, started with the machine, with the command below", _ => DoAsync(() =>
                {
                    if (exists) ServiceCalls.ChangeCommand(Name, line);
                    else ServiceCalls.Create(Name, AgentServiceNames.WindowsDisplay, line);
                })),
                new ControlStep("service manager: its description, and the start after those services that do not wait (delayed)", _ => DoAsync(() => ServiceCalls.Describe(Name, AgentServiceNames.Description))) { MayFail = true },
                _service.RecoverySteps(stopped, Recovery)[0] with { MayFail = true },
                .. start ? (runs ? _service.RestartSteps(stopped) : _service.StartSteps(stopped with { State = ServiceState.Stopped })) : [],
            ],
            Warnings = start ? [] : [$"it is not started: sc start {Name}"],
            ReadBack = async token => $"{Words()}; {(await ReadAsync(token).ConfigureAwait(false) is { HasValue: true } status ? status.Value.ToString() : "the service manager does not know it")}",
        };
    }

    public async Task<ControlPlan> UninstallAsync(CancellationToken cancellation)
    {
        if (!(await ReadAsync(cancellation).ConfigureAwait(false)).TryGet(out ServiceStatus? now)) throw new ControlException($"it is not installed: there is no service {Name}");
        return new ControlPlan
        {
            Kind = ControlCatalog.Uninstall,
            Target = Name,
            Summary = $"remove the agent's service {Name}",
            Before = $"{Words()}; {now}",
            Steps =
            [
                .. now.State == ServiceState.Stopped ? [] : _service.StopSteps(now),
                new ControlStep($"service manager: delete {Name}", DeleteAsync),
            ],
            Warnings = [$"{StateFolder.OfTheMachine()} with its recordings and logs stays"],
            ReadBack = _ => Task.FromResult(Words()),
        };
    }

    /// <summary>The service manager marks it, and removes it when nobody has it open any more: usually at once.</summary>
    private async Task DeleteAsync(StepWork work)
    {
        await DoAsync(() => ServiceCalls.Delete(Name)).ConfigureAwait(false);
        for (int look = 0; look < MostLooks && WindowsService.Exists(Name); look++) await Task.Delay(Patience.Step, _time, work.Cancellation).ConfigureAwait(false);
        if (WindowsService.Exists(Name)) work.Tell("it is marked, and gone when nobody (services.msc, …) has it open any more");
    }

    /// <summary>Both paths in quotation marks: without them a blank makes another program of the path's beginning.</summary>
    internal static string CommandLine(AgentCommand command) =>
        $"\"{command.Executable}\" agent --service{(command.ConfigFile is null ? "" : $" --config \"{command.ConfigFile}\"")}";

    /// <summary>Users could otherwise put files there before the agent does: ProgramData lets them.</summary>
    private static void MakeFolder(string folder)
    {
        DirectorySecurity rights = new();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        const InheritanceFlags All = InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit;
        foreach ((WellKnownSidType who, FileSystemRights what) in ((WellKnownSidType, FileSystemRights)[])
            [(WellKnownSidType.LocalSystemSid, FileSystemRights.FullControl), (WellKnownSidType.BuiltinAdministratorsSid, FileSystemRights.FullControl), (WellKnownSidType.BuiltinUsersSid, FileSystemRights.ReadAndExecute)])
            rights.AddAccessRule(new FileSystemAccessRule(new SecurityIdentifier(who, null), what, All, PropagationFlags.None, AccessControlType.Allow));
        DirectoryInfo made = Directory.CreateDirectory(folder);
        made.SetAccessControl(rights);
        // Recordings and the audit log tell of services what is no user's affair.
        DirectorySecurity closed = new();
        closed.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (WellKnownSidType who in (WellKnownSidType[])[WellKnownSidType.LocalSystemSid, WellKnownSidType.BuiltinAdministratorsSid])
            closed.AddAccessRule(new FileSystemAccessRule(new SecurityIdentifier(who, null), FileSystemRights.FullControl, All, PropagationFlags.None, AccessControlType.Allow));
        Directory.CreateDirectory(TargetRecorder.FolderOf(folder)).SetAccessControl(closed);
    }

    private string Words() => Installed() is { HasValue: true } installed ? $"installed: {installed.Value}" : "not installed";

    private ServiceStatus NotInstalled() => new()
    {
        Name = Name,
        Manager = WindowsService.ManagerName,
        State = ServiceState.Stopped,
        StateWords = "not installed",
        Environment = Reading.NotYet<System.Collections.Immutable.ImmutableArray<KeyValuePair<string, string>>>(),
    };

    private static Task DoAsync(Action act)
    {
        try
        {
            act();
            return Task.CompletedTask;
        }
        catch (Win32Exception refused)
        {
            throw new ControlException($"{refused.Message} ({refused.NativeErrorCode})") { IsDenied = refused.NativeErrorCode == ServiceCalls.AccessDenied };
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IdentityNotMappedException or PrivilegeNotHeldException)
        {
            throw new ControlException($"{refused.Message} (run GoTop as administrator)") { IsDenied = true };
        }
    }
}
