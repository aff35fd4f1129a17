using GoTop.Engine.Agent.Installation;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Rules;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop agent install</c> and <c>uninstall</c>.</summary>
internal static class AgentInstallCommand
{
    public static Task<int> InstallAsync(CliContext context, string? configFile, bool start, ActionOptions action, CancellationToken cancellation) =>
        ActAsync(context, configFile, action, (service, loaded) => service.InstallAsync(
            new AgentCommand(
                Environment.ProcessPath ?? throw new ControlException("the system does not tell where this gotop lies"),
                loaded.File is null ? null : Path.GetFullPath(loaded.File)),
            start, cancellation), cancellation);

    public static Task<int> UninstallAsync(CliContext context, string? configFile, ActionOptions action, CancellationToken cancellation) =>
        ActAsync(context, configFile, action, (service, _) => service.UninstallAsync(cancellation), cancellation);

    private static async Task<int> ActAsync(
        CliContext context, string? configFile, ActionOptions action, Func<IAgentService, LoadedConfig, Task<ControlPlan>> plan, CancellationToken cancellation)
    {
        LoadedConfig loaded = context.LoadConfig(configFile);
        IAgentService service = context.AgentService(loaded.Config.Control)
            ?? throw new CliException(ExitCode.Problem, "there is no service manager here (no systemd runs): gotop agent runs in the foreground under whatever starts it");
        try
        {
            ControlPlan wanted = await plan(service, loaded).ConfigureAwait(false);
            return await new ActionConsole(context, action, loaded.Config, ActionRules.None, service.Name).RunAsync([wanted], cancellation).ConfigureAwait(false);
        }
        catch (ControlException problem)
        {
            throw new CliException(problem.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem, problem.Message);
        }
    }
}
