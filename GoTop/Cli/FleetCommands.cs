using System.CommandLine;
using GoTop.Cli.Commands;
using GoTop.Engine.Fleet;

namespace GoTop.Cli;

/// <summary><c>gotop fleet</c> and its options.</summary>
internal static class FleetCommands
{
    public static Command Fleet(CliContext context, CommonOptions options)
    {
        Option<bool> batch = new("--batch", "-b") { Description = "Print plain text instead of the screen." };
        Option<int?> frames = new("--iterations", "-n") { Description = "With --batch: end after so many; 0 goes on until Ctrl-C. Once without it.", HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md), once." };
        Option<string?> group = new("--group", "-g") { Description = "With --batch: a line for each service, version or host." };
        Option<string?> prometheus = new("--prometheus") { Description = "A Prometheus-compatible engine, in place of those in gotop.toml.", HelpName = "URL" };
        Option<string?> selector = new("--selector") { Description = "Which of the engine's targets, as between the braces of PromQL.", HelpName = "MATCHERS" };
        group.AcceptOnlyFromAmong("service", "version", "host");
        Command command = new("fleet", "Many targets on one screen: those of gotop.toml with an address, and those that a Prometheus-compatible engine knows.")
        {
            batch, frames, json, group, prometheus, selector,
        };
        options.AddScreenOptions(command);
        frames.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 0) result.AddError("-n takes 0 or more");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(selector) is not null && result.GetValue(prometheus) is null) result.AddError("--selector needs --prometheus");
        });
        command.SetAction((result, cancellation) =>
        {
            FleetOptions wanted = new(
                result.GetValue(options.Config), result.GetValue(options.Interval), result.GetValue(prometheus), result.GetValue(selector), result.GetValue(json), result.GetValue(frames) ?? 1,
                result.GetValue(group) switch
                {
                    "service" => FleetGrouping.Service,
                    "version" => FleetGrouping.Version,
                    "host" => FleetGrouping.Host,
                    _ => FleetGrouping.None,
                });
            if (wanted.Json || result.GetValue(batch)) return FleetCommand.RunBatchAsync(context, wanted, cancellation);
            ScreenSettings screen = options.Screen(result);
            // The interval is the fleet's: a target that is opened keeps its own.
            return FleetCommand.RunAsync(context, screen with { Override = config => FleetCommand.Apply(screen.Override(config) with { Interval = config.Interval }, wanted) }, cancellation);
        });
        return command;
    }
}
