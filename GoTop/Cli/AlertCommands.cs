using System.CommandLine;
using GoTop.Cli.Commands;

namespace GoTop.Cli;

/// <summary>The commands of <c>gotop alerts</c>.</summary>
internal sealed class AlertCommands(CliContext context, CommonOptions options)
{
    public Command Alerts() => new("alerts", "Alerts: the rules and how they stand, whom they are told, and when nobody is.")
    {
        List(),
        Status(),
        Test(),
        Channels(),
        SendTest(),
        Silence(),
        Silences(),
    };

    private Command List()
    {
        Command command = new("list", "Lists the rules: the usual ones and those of gotop.toml.") { options.Config };
        command.SetAction(result => AlertRulesCommand.List(context, result.GetValue(options.Config)));
        return command;
    }

    private Command Status()
    {
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("status", "How each rule stands with each target of the agent, and why it does or does not fire.") { json, options.Config };
        command.SetAction(result => AlertRulesCommand.Status(context, result.GetValue(options.Config), result.GetValue(json)));
        return command;
    }

    private Command Test()
    {
        Argument<string> rule = new("RULE") { Description = "A name that gotop alerts list lists." };
        Option<string> recording = new("--on") { Description = "The recording.", HelpName = "RECORDING", Required = true };
        Command command = new("test", "Says when a rule would have fired over a recording, and why not.") { rule, recording, options.Config };
        command.SetAction((result, cancellation) => Task.FromResult(AlertRulesCommand.Test(context, result.GetRequiredValue(rule), result.GetRequiredValue(recording), result.GetValue(options.Config), cancellation)));
        return command;
    }

    private Command Channels()
    {
        Command command = new("channels", "Lists the channels of gotop.toml.") { options.Config };
        command.SetAction(result => AlertsCommand.Channels(context, result.GetValue(options.Config)));
        return command;
    }

    private Command SendTest()
    {
        Argument<string> channel = new("CHANNEL") { Description = "A name that gotop alerts channels lists." };
        Command command = new("send-test", "Sends a test message and says what came back.") { channel, options.Config };
        command.SetAction((result, cancellation) => AlertsCommand.SendTestAsync(context, result.GetRequiredValue(channel), result.GetValue(options.Config), cancellation));
        return command;
    }

    private Command Silence()
    {
        Argument<string> rule = new("RULE") { Description = "Name of a rule; * stands for any characters." };
        Option<string?> target = new("--target") { Description = "Name of a target, likewise; without it all.", HelpName = "TARGET" };
        Option<TimeSpan?> length = new("--for") { Description = "How long nobody is told, e.g. 2h.", HelpName = "TIME", Required = true, CustomParser = Durations.Parse };
        Option<string?> comment = new("--comment") { Description = "Why, for the others.", HelpName = "TEXT" };
        Command command = new("silence", "Tells nobody of an alert for a while; what still fires then is told.") { rule, target, length, comment, options.ReadOnly, options.Config };
        command.SetAction((result, cancellation) => SilenceCommand.AddAsync(
            context,
            new SilenceOptions(result.GetRequiredValue(rule), result.GetValue(target) ?? "*", result.GetValue(length)!.Value, result.GetValue(comment) ?? "", result.GetValue(options.ReadOnly), result.GetValue(options.Config)),
            cancellation));
        return command;
    }

    private Command Silences()
    {
        Option<string?> remove = new("--remove") { Description = "Ends one, by its id.", HelpName = "ID" };
        Command command = new("silences", "Lists who silenced what until when.") { remove, options.ReadOnly, options.Config };
        command.SetAction((result, cancellation) => result.GetValue(remove) is { } id
            ? SilenceCommand.RemoveAsync(context, id, result.GetValue(options.ReadOnly), result.GetValue(options.Config), cancellation)
            : Task.FromResult(SilenceCommand.List(context, result.GetValue(options.Config))));
        return command;
    }
}
