using System.CommandLine;
using System.CommandLine.Parsing;
using GoTop.Cli.Commands;

namespace GoTop.Cli;

/// <summary>Commands, options and their help: the command line as users see it.</summary>
internal static class CommandTree
{
    public static RootCommand Build(CliContext context)
    {
        CommonOptions options = new();
        RootCommand root = new("Shows live why a Go service is slow, stuck or growing. Without a command: the screen.")
        {
            options.Config,
            options.Interval,
            options.Theme,
            options.Pane,
            options.ReadOnly,
            options.Colours,
            options.Glyphs,
            options.Driver,
            options.NoMouse,
        };
        Argument<string?> target = new("TARGET")
        {
            Description = "Process id, process name, service, name from gotop.toml, or URL; without it the list of Go services.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        target.Validators.Add(NoOption);
        root.Arguments.Add(target);
        root.SetAction((result, cancellation) => ScreenCommand.RunAsync(context, options.Screen(result), result.GetValue(target), cancellation));

        root.Subcommands.Add(Ps(context));
        root.Subcommands.Add(Snapshot(context, options));
        root.Subcommands.Add(Top(context, options));
        root.Subcommands.Add(Record(context, options));
        root.Subcommands.Add(Replay(context, options));
        root.Subcommands.Add(Demo(context, options));
        root.Subcommands.Add(Config(context, options));
        root.Subcommands.Add(Keys(context));
        return root;
    }

    private static Argument<string> Target()
    {
        Argument<string> target = new("TARGET") { Description = "Process id, process name, service, name from gotop.toml, or URL." };
        target.Validators.Add(NoOption);
        return target;
    }

    /// <summary>A mistyped option would otherwise be looked for as a process.</summary>
    private static void NoOption(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: ['-', ..] option }, ..]) result.AddError($"there is no option {option}");
    }

    private static Command Ps(CliContext context)
    {
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Command command = new("ps", "Lists the Go processes of this machine.") { json };
        command.SetAction((result, cancellation) => PsCommand.RunAsync(context, result.GetValue(json), cancellation));
        return command;
    }

    private static Command Snapshot(CliContext context, CommonOptions options)
    {
        Argument<string> target = Target();
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Command command = new("snapshot", "Prints one observation: process, Go runtime, goroutine groups with stacks, findings.") { target, json, options.Config };
        command.SetAction((result, cancellation) =>
            SnapshotCommand.RunAsync(context, result.GetRequiredValue(target), result.GetValue(options.Config), result.GetValue(json), cancellation));
        return command;
    }

    private static Command Top(CliContext context, CommonOptions options)
    {
        Argument<string> target = Target();
        Option<bool> batch = new("--batch", "-b") { Description = "Print plain text frames instead of the screen." };
        Option<int> frames = new("--iterations", "-n") { Description = "End after so many frames; 0 goes on until Ctrl-C.", HelpName = "N" };
        Command command = new("top", "The screen for a target, or with --batch plain text frames.") { target, batch, frames };
        options.AddScreenOptions(command);
        frames.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("-n takes 0 or more");
        });
        command.SetAction((result, cancellation) => result.GetValue(batch)
            ? TopCommand.RunBatchAsync(
                context, result.GetRequiredValue(target), result.GetValue(options.Config), result.GetValue(frames), result.GetValue(options.Interval), cancellation)
            : ScreenCommand.RunAsync(context, options.Screen(result), result.GetRequiredValue(target), cancellation));
        return command;
    }

    private static Command Record(CliContext context, CommonOptions options)
    {
        Argument<string> target = Target();
        Option<string> output = new("--output", "-o") { Description = "The recording to write.", HelpName = "FILE", Required = true };
        Option<TimeSpan?> length = new("--for") { Description = "End after this time, e.g. 10m.", HelpName = "TIME", CustomParser = Durations.Parse };
        Command command = new("record", "Writes the raw samples of every tick to a file, until Ctrl-C.") { target, output, length, options.Interval, options.Config };
        command.SetAction((result, cancellation) => RecordCommand.RunAsync(
            context, result.GetRequiredValue(target), result.GetRequiredValue(output), result.GetValue(options.Config), result.GetValue(options.Interval),
            result.GetValue(length), cancellation));
        return command;
    }

    private static Command Replay(CliContext context, CommonOptions options)
    {
        Argument<string> file = new("FILE") { Description = "A recording made by gotop record." };
        Option<bool> batch = new("--batch", "-b") { Description = "Print plain text frames instead of the screen." };
        Command command = new("replay", "Plays a recording back on the screen.") { file, batch };
        options.AddScreenOptions(command);
        command.SetAction((result, cancellation) => result.GetValue(batch)
            ? Task.FromResult(ReplayCommand.RunBatch(context, result.GetRequiredValue(file), cancellation))
            : ReplayCommand.RunAsync(context, options.Screen(result), result.GetRequiredValue(file), cancellation));
        return command;
    }

    private static Command Demo(CliContext context, CommonOptions options)
    {
        Command command = new("demo", "Shows the recording of a real incident.");
        options.AddScreenOptions(command);
        command.SetAction((result, cancellation) => ReplayCommand.RunDemoAsync(context, options.Screen(result), cancellation));
        return command;
    }

    private static Command Config(CliContext context, CommonOptions options)
    {
        Command check = new("check", "Lists every problem of the configuration with its line and column.") { options.Config };
        check.SetAction(result => ConfigCheckCommand.Run(context, result.GetValue(options.Config)));
        return new Command("config", "The configuration.") { check };
    }

    private static Command Keys(CliContext context)
    {
        Option<bool> markdown = new("--markdown") { Description = "As the table in the README." };
        Command command = new("keys", "Lists the keys.") { markdown };
        command.SetAction(result => KeysCommand.Run(context, result.GetValue(markdown)));
        return command;
    }
}
