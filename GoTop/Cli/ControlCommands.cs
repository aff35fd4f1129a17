using System.CommandLine;
using GoTop.Cli.Commands;
using GoTop.Engine.Control.Affinity;

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
        Option<string?> priority = new("--priority") { Description = $"{string.Join(", ", PriorityText.Words)}; on Linux also a nice value.", HelpName = "LEVEL" };
        Option<string?> io = new("--io") { Description = "Linux: I/O priority: none, idle, best-effort:0 to best-effort:7, realtime:0 to realtime:7.", HelpName = "CLASS" };
        Option<string?> eco = new("--eco") { Description = "Windows: EcoQoS, on or off.", HelpName = "ON" };
        eco.AcceptOnlyFromAmong("on", "off");
        Command command = new("pin", "Chooses the cores a process may run on, in all its threads, and its priority.") { of, cpus, pairs, single, node, all, priority, io, eco };
        AddCommon(command);
        command.Validators.Add(result =>
        {
            int plans = new[] { result.GetValue(cpus) is not null, result.GetValue(pairs) is not null, result.GetValue(single), result.GetValue(node) is not null, result.GetValue(all) }.Count(given => given);
            if (plans > 1) result.AddError("only one of --cpus, --pairs, --one-per-core, --node and --all");
            if (plans == 0 && result.GetValue(priority) is null && result.GetValue(io) is null && result.GetValue(eco) is null)
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
                result.GetValue(priority), result.GetValue(io), result.GetValue(eco) switch { "on" => true, "off" => false, _ => null },
                result.GetValue(options.Config), Action(result)),
            cancellation));
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
