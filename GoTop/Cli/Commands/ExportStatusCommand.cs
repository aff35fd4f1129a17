using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop export status</c>.</summary>
internal static class ExportStatusCommand
{
    /// <summary>As the agent that runs on this machine wrote it last.</summary>
    public static int Run(CliContext context, string? configFile, bool json)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        Reading<AgentState> agent = AgentStateFile.Find(config.Agent, context.Platform);
        if (!agent.TryGet(out AgentState? its)) throw new CliException(ExitCode.Problem, $"gotop agent exports: {agent.Reason}");
        bool running = AgentStateFile.IsRunning(its, context.Platform);
        Reading<ExportState> read = new ExportFile(its.Folder).Read();
        if (!read.TryGet(out ExportState? state)) throw new CliException(ExitCode.Problem, read.Reason ?? "not known");
        bool old = running && state.IsOld(context.Time.GetUtcNow());
        if (json)
        {
            context.Output.WriteLine(ExportFile.ToJson(state));
        }
        else
        {
            if (!running) context.Output.WriteLine($"the agent does not run; this is how it stood {context.Local(state.WrittenAt)}");
            if (old) context.Output.WriteLine($"the agent runs, but has not told how exports stand since {context.Local(state.WrittenAt)}; its log may say why");
            if (state.Exporters.IsEmpty) context.Output.WriteLine("nothing is exported: gotop.toml has no sound table in [export]");
            foreach (ExporterStanding exporter in state.Exporters) context.Output.WriteLine(Line(context, exporter));
        }

        return running && !old && !state.Exporters.Any(exporter => exporter.IsFailing) ? ExitCode.Done : ExitCode.Problem;
    }

    /// <summary>An exporter in a line.</summary>
    public static string Line(CliContext context, ExporterStanding exporter)
    {
        string success = exporter.LastSuccess is { } at ? $"last {context.Local(at)}" : "never yet";
        string problem = exporter.Problem is null ? "" : $"; {(exporter.IsFailing ? "FAILING since" : "a problem")} {context.Local(exporter.ProblemAt!.Value)}: {exporter.Problem}";
        return PlainText.Clean(
            string.Create(CultureInfo.InvariantCulture, $"export {exporter.Id} ({exporter.Where}): {exporter.Sent} sent, {success}, {exporter.Waiting} waiting, {exporter.Dropped} dropped{problem}"), 800);
    }
}
