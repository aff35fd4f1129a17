using System.CommandLine;
using GoTop.Agent;
using GoTop.Cli.Commands;

namespace GoTop.Cli;

/// <summary><c>gotop agent</c> and what belongs to it.</summary>
internal sealed class AgentCommands(CliContext context, CommonOptions options)
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would happen and what would be written." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON (docs/json.md)." };

    public Command Agent()
    {
        // What Windows' service manager is given: the service's protocol cannot be guessed safely.
        Option<bool> service = new("--service") { Hidden = true };
        Command command = new("agent", "Watches every [[target]] of gotop.toml without a screen, in the foreground, until Ctrl-C; or as a service.") { service, options.Config };
        command.SetAction((result, cancellation) => AgentHost.RunAsync(context, result.GetValue(options.Config), result.GetValue(service), cancellation));
        command.Subcommands.Add(Install());
        command.Subcommands.Add(Uninstall());
        command.Subcommands.Add(Status());
        return command;
    }

    private Command Install()
    {
        Option<bool> start = new("--start") { Description = "Also start it." };
        Command command = new("install", "Installs it as a Windows service or a systemd unit, with this gotop and this gotop.toml.") { start };
        AddActing(command);
        command.SetAction((result, cancellation) => AgentInstallCommand.InstallAsync(context, result.GetValue(options.Config), result.GetValue(start), Action(result), cancellation));
        return command;
    }

    private Command Uninstall()
    {
        Command command = new("uninstall", "Stops it and removes its service; what it recorded stays.");
        AddActing(command);
        command.SetAction((result, cancellation) => AgentInstallCommand.UninstallAsync(context, result.GetValue(options.Config), Action(result), cancellation));
        return command;
    }

    private Command Status()
    {
        Command command = new("status", "Shows whether it is installed and runs, and how its targets stand. Ends with 1 when it does not run.") { _json, options.Config };
        command.SetAction((result, cancellation) => AgentStatusCommand.RunAsync(context, result.GetValue(options.Config), result.GetValue(_json), cancellation));
        return command;
    }

    private void AddActing(Command command)
    {
        foreach (Option option in (Option[])[_yes, _dryRun, _json, options.ReadOnly, options.Config]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_json) && !result.GetValue(_yes) && !result.GetValue(_dryRun)) result.AddError("--json asks nothing: give --yes or --dry-run as well");
        });
    }

    private ActionOptions Action(ParseResult result) =>
        new(result.GetValue(_yes), Production: false, result.GetValue(_dryRun), result.GetValue(_json), result.GetValue(options.ReadOnly));
}
