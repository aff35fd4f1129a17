using System.CommandLine;
using GoTop.Cli.Commands;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Processes;

namespace GoTop.Cli;

/// <summary>The commands that act on a target.</summary>
internal sealed class ControlCommands(CliContext context, CommonOptions options, Func<Argument<string>> target)
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _production = new("--production") { Description = "The second confirmation, for a target whose rules say production." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would happen." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON (docs/json.md); asks nothing, so it needs --yes or --dry-run." };

    public Command Pin()
    {
        Argument<string> of = target();
        Option<string?> cpus = new("--cpus") { Description = "These logical cores, e.g. 0-3,7.", HelpName = "LIST" };
        Option<string?> pairs = new("--pairs") { Description = "These logical cores with their SMT siblings.", HelpName = "LIST" };
        Option<bool> single = new("--one-per-core") { Description = "One logical core of each physical one." };
        Option<string?> node = new("--node") { Description = "The cores of a NUMA node; free is the one with most free memory.", HelpName = "N" };
        Option<bool> all = new("--all") { Description = "All cores." };
        Option<bool> persist = new("--keep", "--persist") { Description = "Also for its next lives: by a drop-in of its systemd unit, and for all else by the agent." };
        Option<bool> forget = new("--forget") { Description = "Keep none for its next lives any more; it runs on as it is." };
        Option<string?> priority = new("--priority") { Description = $"{string.Join(", ", PriorityText.Words)}; on Linux also a nice value.", HelpName = "LEVEL" };
        Option<string?> io = new("--io") { Description = "Linux: I/O priority: none, idle, best-effort:0 to best-effort:7, realtime:0 to realtime:7.", HelpName = "CLASS" };
        Option<string?> eco = new("--eco") { Description = "Windows: EcoQoS, on or off.", HelpName = "ON" };
        eco.AcceptOnlyFromAmong("on", "off");
        Command command = new("pin", "Chooses the cores a process may run on, in all its threads, and its priority.") { of, cpus, pairs, single, node, all, persist, forget, priority, io, eco };
        AddCommon(command);
        command.Validators.Add(result =>
        {
            int plans = new[] { result.GetValue(cpus) is not null, result.GetValue(pairs) is not null, result.GetValue(single), result.GetValue(node) is not null, result.GetValue(all) }.Count(given => given);
            if (plans == 0 && result.GetValue(persist)) result.AddError("--keep keeps cores: say which");
            if (result.GetValue(forget) && (plans > 0 || result.GetValue(persist))) result.AddError("--forget chooses no cores: give it alone");
            if (plans > 1) result.AddError("only one of --cpus, --pairs, --one-per-core, --node and --all");
            if (plans == 0 && !result.GetValue(forget) && result.GetValue(priority) is null && result.GetValue(io) is null && result.GetValue(eco) is null)
                result.AddError("say what: --cpus 0-3, --pairs 0, --one-per-core, --node 1, --all, --priority below-normal");
        });
        command.SetAction((result, cancellation) => PinCommand.RunAsync(
            context,
            new PinOptions(
                result.GetRequiredValue(of),
                result.GetValue(cpus) is { } list ? () => CorePlan.List(list)
                    : result.GetValue(pairs) is { } siblings ? () => CorePlan.Pairs(siblings)
                    : result.GetValue(single) ? () => CorePlan.OnePerPhysicalCore
                    : result.GetValue(node) is { } number ? () => CorePlan.Node(number)
                    : result.GetValue(all) ? () => CorePlan.All
                    : null,
                result.GetValue(persist), result.GetValue(forget), result.GetValue(priority), result.GetValue(io), result.GetValue(eco) switch { "on" => true, "off" => false, _ => null },
                result.GetValue(options.Config), Action(result)),
            cancellation));
        return command;
    }

    public Command Restart()
    {
        Argument<string> of = target();
        Option<string[]> environment = new("--env", "-e") { Description = $"Start it with another value of {string.Join(", ", EnvironmentNames.All)}, also from now on; NAME= removes it.", HelpName = "NAME=VALUE" };
        Option<bool> capture = new("--capture") { Description = "Capture evidence first, also when gotop.toml says not to." };
        Option<bool> noCapture = new("--no-capture") { Description = "Capture nothing first." };
        Command command = new("restart", "Restarts a service or process: evidence first, then stop, start, and see whether it comes back.") { of, environment, capture, noCapture };
        AddCommon(command);
        command.Validators.Add(result =>
        {
            try
            {
                EnvironmentNames.Parse(result.GetValue(environment) ?? []);
            }
            catch (ControlException wrong)
            {
                result.AddError(wrong.Message);
            }

            if (result.GetValue(capture) && result.GetValue(noCapture)) result.AddError("only one of --capture and --no-capture");
        });
        command.SetAction((result, cancellation) => ServiceCommand.RestartAsync(
            context,
            new RestartOptions(
                result.GetRequiredValue(of), result.GetValue(capture) ? true : result.GetValue(noCapture) ? false : null, [.. result.GetValue(environment) ?? []],
                result.GetValue(options.Config), Action(result)),
            cancellation));
        return command;
    }

    public Command Service() => new("service", "Shows, starts, stops, pauses a service; a Windows service, a systemd unit, or a plain process.")
    {
        Status(),
        Act("start", ControlCatalog.Start, "Starts it."),
        Act("stop", ControlCatalog.Stop, "Stops it, and what depends on it."),
        Act("pause", ControlCatalog.Pause, "Pauses it (Windows services that accept it)."),
        Act("continue", ControlCatalog.Continue, "Lets it go on after a pause."),
        Recovery(),
    };

    /// <summary>What another gotop runs on Windows: see <see cref="ConsoleBreak"/>.</summary>
    public static Command Break()
    {
        Argument<int> process = new("PID");
        Command command = new(ConsoleBreak.Command) { process };
        command.Hidden = true;
        command.SetAction(result => OperatingSystem.IsWindows() && ConsoleBreak.Send(result.GetRequiredValue(process)) ? ExitCode.Done : ExitCode.Problem);
        return command;
    }

    private Command Status()
    {
        Argument<string> of = target();
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Command command = new("status", "Shows its state, what depends on it, what happens when it fails. Ends with 1 when it does not run.") { of, json, options.Config };
        command.SetAction((result, cancellation) => ServiceCommand.StatusAsync(context, result.GetRequiredValue(of), result.GetValue(options.Config), result.GetValue(json), cancellation));
        return command;
    }

    private Command Act(string verb, ControlKind kind, string description)
    {
        Argument<string> of = target();
        Command command = new(verb, description) { of };
        AddCommon(command);
        command.SetAction((result, cancellation) => ServiceCommand.ActAsync(context, kind, result.GetRequiredValue(of), result.GetValue(options.Config), Action(result), cancellation));
        return command;
    }

    private Command Recovery()
    {
        Argument<string> of = target();
        Option<string> restart = new("--restart") { Description = "When its manager starts it again by itself.", HelpName = "WHEN", Required = true };
        restart.AcceptOnlyFromAmong("no", "on-failure", "always");
        Option<TimeSpan?> delay = new("--delay") { Description = "Before it does, e.g. 5s (the default).", HelpName = "TIME", CustomParser = Durations.Parse };
        Command command = new("recovery", "Sets what happens when it fails: a systemd drop-in, or Windows' failure actions.") { of, restart, delay };
        AddCommon(command);
        command.SetAction((result, cancellation) => ServiceCommand.RecoveryAsync(
            context, result.GetRequiredValue(of),
            new RecoveryPolicy(
                result.GetRequiredValue(restart) switch { "no" => RestartCondition.No, "on-failure" => RestartCondition.OnFailure, _ => RestartCondition.Always },
                result.GetValue(delay) ?? TimeSpan.FromSeconds(5)),
            result.GetValue(options.Config), Action(result), cancellation));
        return command;
    }

    private void AddCommon(Command command)
    {
        foreach (Option option in (Option[])[_yes, _production, _dryRun, _json, options.ReadOnly, options.Config]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_json) && !result.GetValue(_yes) && !result.GetValue(_dryRun)) result.AddError("--json asks nothing: give --yes or --dry-run as well");
        });
    }

    private ActionOptions Action(ParseResult result) =>
        new(result.GetValue(_yes), result.GetValue(_production), result.GetValue(_dryRun), result.GetValue(_json), result.GetValue(options.ReadOnly));
}
