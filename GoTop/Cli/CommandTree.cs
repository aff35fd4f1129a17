using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using GoTop.Cli.Commands;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;

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
        root.Subcommands.Add(FleetCommands.Fleet(context, options));
        root.Subcommands.Add(Record(context, options));
        root.Subcommands.Add(Capture(context, options));
        ControlCommands control = new(context, options, Target);
        root.Subcommands.Add(control.Pin());
        root.Subcommands.Add(control.Restart());
        root.Subcommands.Add(control.Service());
        if (OperatingSystem.IsWindows()) root.Subcommands.Add(ControlCommands.Break());
        root.Subcommands.Add(new AgentCommands(context, options).Agent());
        root.Subcommands.Add(Replay(context, options));
        root.Subcommands.Add(Demo(context, options));
        root.Subcommands.Add(Analyze(context));
        root.Subcommands.Add(Diff(context));
        root.Subcommands.Add(new AlertCommands(context, options).Alerts());
        root.Subcommands.Add(new ExportCommands(context, options).Export());
        root.Subcommands.Add(Config(context, options));
        root.Subcommands.Add(Keys(context));
        root.Subcommands.Add(Figures(context));
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

    private static Command Capture(CliContext context, CommonOptions options)
    {
        Argument<string> target = Target();
        Option<ImmutableArray<CaptureKind>?> kinds = new("--kinds", "-k")
        {
            Description = $"What to capture, with commas between: {string.Join(", ", CaptureCatalog.All.Select(kind => kind.Id))}, or all (what is there of all; the default).",
            HelpName = "KINDS",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = CaptureCommand.ParseKinds,
        };
        Option<int?> seconds = new("--seconds", "-s") { Description = "Length of CPU profiles and traces.", HelpName = "N" };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > CaptureSettings.LongestSeconds) result.AddError($"--seconds takes 1 to {CaptureSettings.LongestSeconds}");
        });
        Option<string?> output = new("--output", "-o") { Description = "The folder for the files; without it a new one where captures usually lie.", HelpName = "DIR" };
        Option<bool> force = new("--force") { Description = "Also from a service in trouble, which it may make worse." };
        Option<bool> json = new("--json") { Description = "Print the manifest (docs/json.md)." };
        Command command = new("capture", "Saves profiles, a trace and goroutine stacks into a folder, for Go's own tools.") { target, kinds, seconds, output, force, json, options.Config };
        command.SetAction((result, cancellation) => CaptureCommand.RunAsync(
            context, new CaptureOptions(
                result.GetRequiredValue(target), result.GetValue(kinds), result.GetValue(seconds), result.GetValue(output), result.GetValue(force), result.GetValue(json),
                result.GetValue(options.Config)),
            cancellation));
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

    private static Command Analyze(CliContext context)
    {
        Argument<string> file = new("FILE") { Description = "A profile, trace, goroutine dump, crash output, heap?debug=1 text, expvar JSON, page of metrics or .etl, gzipped or not; - for standard input." };
        Option<bool> text = new("--text") { Description = "A report for people (the default)." };
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Option<bool> collapsed = new("--collapsed") { Description = "One line per stack with its value, as flame graph tools read it." };
        Option<bool> speedscope = new("--speedscope") { Description = "A file for speedscope.app." };
        Option<bool> svg = new("--svg") { Description = "A flame graph as SVG." };
        Option<string?> process = new("--process") { Description = "Of an event trace log (.etl): the process to look into; without it the busiest Go program that lies here, or else the busiest.", HelpName = "NAME|PID" };
        Option<string?> binary = new("--binary") { Description = "Of an event trace log (.etl): the process's executable, for names of functions, where it does not lie as the log says.", HelpName = "PATH" };
        Command command = new("analyze", "Says what a file of Go's diagnostics tells, whatever its format.") { file, text, json, collapsed, speedscope, svg, process, binary };
        command.Validators.Add(result =>
        {
            if (new[] { text, json, collapsed, speedscope, svg }.Count(result.GetValue) > 1) result.AddError("only one of --text, --json, --collapsed, --speedscope and --svg");
        });
        command.SetAction((result, cancellation) => AnalyzeCommand.RunAsync(
            context,
            result.GetRequiredValue(file),
            result.GetValue(json) ? AnalysisOutput.Json
                : result.GetValue(collapsed) ? AnalysisOutput.Collapsed
                : result.GetValue(speedscope) ? AnalysisOutput.Speedscope
                : result.GetValue(svg) ? AnalysisOutput.Svg
                : AnalysisOutput.Text,
            new EtlOptions { Process = result.GetValue(process), Binary = result.GetValue(binary) },
            cancellation));
        return command;
    }

    private static Command Diff(CliContext context)
    {
        Argument<string> before = new("A") { Description = "The earlier file; - for standard input." };
        Argument<string> after = new("B") { Description = "The later file, of the same kind." };
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Command command = new("diff", "Says what changed from one profile, trace, dump or MemStats to another.") { before, after, json };
        command.SetAction((result, cancellation) =>
            DiffCommand.RunAsync(context, result.GetRequiredValue(before), result.GetRequiredValue(after), result.GetValue(json), cancellation));
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

    private static Command Figures(CliContext context)
    {
        Option<bool> markdown = new("--markdown") { Description = "As the table in docs/figures.md." };
        Command command = new("figures", "Lists the figures that rules and exports can name.") { markdown };
        command.SetAction(result => FiguresCommand.Run(context, result.GetValue(markdown)));
        return command;
    }
}
