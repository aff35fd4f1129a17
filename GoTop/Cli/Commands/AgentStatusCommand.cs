using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Installation;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop agent status</c>.</summary>
internal static class AgentStatusCommand
{
    public static async Task<int> RunAsync(CliContext context, string? configFile, bool json, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        IAgentService? service = context.AgentService(config.Control);
        const string NoManager = "there is no service manager here";
        Reading<string> installed = service?.Installed() ?? Reading.NotSupported<string>(NoManager);
        Reading<ServiceStatus> status = service is null || !installed.HasValue
            ? Reading.NotSupported<ServiceStatus>(installed.Reason ?? NoManager)
            : await service.ReadAsync(cancellation).ConfigureAwait(false);
        Reading<AgentState> agent = AgentStateFile.Find(config.Agent, context.Platform);
        bool running = agent.TryGet(out AgentState? state) && AgentStateFile.IsRunning(state, context.Platform);
        Reading<WatchdogBook> watchdogs = state is null ? Reading.NotSupported<WatchdogBook>("no agent has run here") : new WatchdogFile(state.Folder).Read();
        ImmutableArray<ExporterStanding> exporters = state is not null && new ExportFile(state.Folder).Read().TryGet(out ExportState? exported) ? exported.Exporters : [];
        if (json) context.Output.WriteLine(ExportJson.Write(AgentDocument.Of(installed, status, agent, running, watchdogs, exporters)));
        else Print(context, installed, status, agent, running, watchdogs);
        if (!json) foreach (ExporterStanding exporter in exporters) context.Output.WriteLine(ExportStatusCommand.Line(context, exporter));
        return running ? ExitCode.Done : ExitCode.Problem;
    }

    private static void Print(CliContext context, Reading<string> installed, Reading<ServiceStatus> status, Reading<AgentState> agent, bool running, Reading<WatchdogBook> watchdogs)
    {
        TextWriter output = context.Output;
        output.WriteLine($"installed  {(installed.TryGet(out string? command) ? command : $"no: {installed.Reason}")}");
        if (installed.HasValue) output.WriteLine($"service    {(status.TryGet(out ServiceStatus? its) ? its.ToString() : $"not known: {status.Reason}")}");
        if (!agent.TryGet(out AgentState? state))
        {
            output.WriteLine($"agent      does not run: {agent.Reason}");
            return;
        }

        DateTimeOffset now = context.Time.GetUtcNow();
        output.WriteLine(
            running ? $"agent      {state.Phase.ToString().ToLowerInvariant()}, process {state.ProcessId.ToString(CultureInfo.InvariantCulture)}, since {context.Local(state.StartedAt)}"
            : agent.State == ReadingState.Stale ? $"agent      does not run: {agent.Reason}; it wrote last {context.Local(state.WrittenAt)}"
            : $"agent      does not run: it stopped {context.Local(state.PhaseSince)}");
        if (running && state.IsOld(now))
            output.WriteLine($"           it has not written how it stands since {context.Local(state.WrittenAt)}, {Figures.Age((now - state.WrittenAt).TotalSeconds)} ago: its disk may be full; its log says why");
        output.WriteLine($"config     {state.ConfigFile ?? "none: it has no targets"}");
        foreach (string problem in state.ConfigProblems) output.WriteLine(PlainText.Clean($"  problem, so that {(state.ConfigIsPartial ? "only what else it says" : "the version before")} holds: {problem}", 500));
        output.WriteLine($"folder     {state.Folder}");
        foreach (AgentTargetState target in state.Targets)
        {
            output.WriteLine(PlainText.Clean($"{target.Name} ({target.What}): {Words(target, running, now)}", 500));
            if (target.Recording is { } file) output.WriteLine($"  {(running ? "recording" : "recorded")} {file}{(target.LostTicks > 0 ? $", {target.LostTicks.ToString(CultureInfo.InvariantCulture)} ticks lost" : "")}");
            if (target.RecordingProblem is { } problem) output.WriteLine($"  not recorded: {problem}");
            if (watchdogs.ValueOr(null)?.Targets.FirstOrDefault(standing => standing.Target == target.Name) is { } watchdog) PrintWatchdog(context, watchdog, running);
        }

        foreach (AgentConsumerState consumer in state.Consumers.Where(consumer => consumer.Problem is not null || consumer.Missed > 0))
            output.WriteLine(PlainText.Clean($"{consumer.Id}: {consumer.Missed.ToString(CultureInfo.InvariantCulture)} observations missed{(consumer.Problem is null ? "" : $"; {consumer.Problem}")}", 500));
    }

    private static void PrintWatchdog(CliContext context, WatchdogStanding standing, bool running)
    {
        context.Output.WriteLine(PlainText.Clean($"  watchdog {(running ? "" : "was ")}{standing.PhaseWords} since {context.Local(standing.Since)}: {standing.Reason}{(running ? $"; {standing.Next}" : "")}", 800));
        if (standing.LastRestartAt is { } at)
            context.Output.WriteLine(PlainText.Clean(string.Create(CultureInfo.InvariantCulture, $"  last restart {context.Local(at)}, {standing.Restarts} of {standing.MostRestarts} used up: {standing.LastRestart ?? "under way"}"), 800));
    }

    private static string Words(AgentTargetState target, bool running, DateTimeOffset now)
    {
        if (!running) return target.Phase == TargetPhase.Watched ? "was watched when the agent ended" : "was not there";
        string last = target.LastReadingAt is { } at ? $", read {Math.Max(0, (now - at).TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s ago" : "";
        string lives = target.Lives > 1 ? $", life {target.Lives.ToString(CultureInfo.InvariantCulture)}" : "";
        return target.Phase == TargetPhase.Watched
            ? $"watched{(target.ProcessId is { } id ? $", process {id.ToString(CultureInfo.InvariantCulture)}" : "")}{lives}{last}{(target.Reason is null ? "" : $"; {target.Reason}")}"
            : $"not there{last}: {target.Reason}";
    }
}
