using System.CommandLine;
using GoTop.Cli.Commands;

namespace GoTop.Cli;

/// <summary>The commands of <c>gotop export</c>.</summary>
internal sealed class ExportCommands(CliContext context, CommonOptions options)
{
    public Command Export() => new("export", "Exporting by the agent: to Prometheus, OpenTelemetry, or as JSON.")
    {
        Status(),
        Test(),
        Metrics(),
    };

    private Command Status()
    {
        Option<bool> json = new("--json") { Description = "Print JSON (docs/json.md)." };
        Command command = new("status", "How each exporter stands: what it sent and dropped, what waits, and its last problem.") { json, options.Config };
        command.SetAction(result => ExportStatusCommand.Run(context, result.GetValue(options.Config), result.GetValue(json)));
        return command;
    }

    private Command Test()
    {
        Argument<string> name = new("NAME") { Description = "A table of [export] in gotop.toml: prometheus, otlp or push." };
        Command command = new("test", "Sends something once and says what came back; of prometheus it asks for the page that the agent serves.") { name, options.Config };
        command.SetAction((result, cancellation) => ExportTestCommand.RunAsync(context, result.GetRequiredValue(name), result.GetValue(options.Config), cancellation));
        return command;
    }

    private Command Metrics()
    {
        Option<bool> markdown = new("--markdown") { Description = "As the table in docs/export.md." };
        Command command = new("metrics", "Lists the metrics that are exported.") { markdown };
        command.SetAction(result => ExportMetricsCommand.Run(context, result.GetValue(markdown)));
        return command;
    }
}
