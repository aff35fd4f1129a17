using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary><c>gotop agent status --json</c>.</summary>
/// <param name="Installed">The command that its service manager starts; null when it is not installed.</param>
/// <param name="Service">The service's state as <c>gotop service status</c> has it; null when it is not installed.</param>
/// <param name="Phase"><c>starting</c>, <c>running</c>, <c>paused</c>, <c>stopping</c>, <c>stopped</c>; <c>gone</c> when its process ended without a word; null when none has run.</param>
/// <param name="Problem">Why there is no state; null when there is one.</param>
public sealed record AgentDocument(
    string? Installed, string? Service, bool Running, string? Phase, DateTimeOffset? Since, int? Pid, string? Version, DateTimeOffset? WrittenAt, string? Config,
    ImmutableArray<string> ConfigProblems, string? Folder, ImmutableArray<AgentTargetPart> Targets, ImmutableArray<AgentConsumerState> Consumers, string? Problem,
    ImmutableArray<AgentWatchdogPart> Watchdogs, ImmutableArray<ExporterStanding> Exporters)
{
    public static AgentDocument Of(Reading<string> installed, Reading<ServiceStatus> service, Reading<AgentState> agent, bool running, Reading<WatchdogBook> watchdogs, ImmutableArray<ExporterStanding> exporters)
    {
        AgentState? state = agent.ValueOr(null);
        return new AgentDocument(
            installed.ValueOr(null), service.TryGet(out ServiceStatus? status) ? JsonNames.Of(status.State) : null, running,
            state is null ? null : agent.State == ReadingState.Stale ? "gone" : state.Phase.ToString().ToLowerInvariant(),
            running ? state?.StartedAt : state?.PhaseSince, running ? state?.ProcessId : null, state?.ToolVersion, state?.WrittenAt, state?.ConfigFile, state?.ConfigProblems ?? [], state?.Folder,
            [.. (state?.Targets ?? []).Select(target => AgentTargetPart.Of(target, running))], state?.Consumers ?? [], state is null ? agent.Reason : null,
            [.. (watchdogs.ValueOr(null)?.Targets ?? []).Select(AgentWatchdogPart.Of)], exporters);
    }
}

/// <param name="State"><c>watched</c>, <c>looking</c>, or <c>unknown</c> when no agent runs.</param>
public sealed record AgentTargetPart(
    string Name, string What, string State, DateTimeOffset Since, int? Pid, string? Reason, DateTimeOffset? LastReadingAt, int Lives, string? Recording, string? RecordingProblem, long LostTicks)
{
    internal static AgentTargetPart Of(AgentTargetState target, bool running) => new(
        target.Name, target.What, !running ? "unknown" : target.Phase == TargetPhase.Watched ? "watched" : "looking", target.Since, target.ProcessId, target.Reason, target.LastReadingAt,
        target.Lives, target.Recording, target.RecordingProblem, target.LostTicks);
}

/// <param name="State"><c>waiting</c>, <c>starting up</c>, <c>healthy</c>, <c>failing</c>, <c>restarting</c>, <c>cooling down</c>, <c>given up</c>, <c>paused</c>: as written last.</param>
/// <param name="Restarts">Used up, of <paramref name="MostRestarts"/>.</param>
public sealed record AgentWatchdogPart(
    string Target, string State, DateTimeOffset Since, string Reason, string Next, DateTimeOffset? NextAt, int Failures, int FailuresNeeded, DateTimeOffset? UnhealthySince,
    int Restarts, int MostRestarts, DateTimeOffset? CoolsUntil, DateTimeOffset? LastRestartAt, string? LastRestart, string? LastCapture, ImmutableArray<AgentCheckPart> Checks)
{
    internal static AgentWatchdogPart Of(WatchdogStanding standing) => new(
        standing.Target, standing.PhaseWords, standing.Since, standing.Reason, standing.Next, standing.NextAt, standing.Failures, standing.FailuresNeeded, standing.UnhealthySince,
        standing.Restarts, standing.MostRestarts, standing.CoolsUntil, standing.LastRestartAt, standing.LastRestart, standing.LastCapture,
        [.. standing.Checks.Select(check => new AgentCheckPart(check.Check, check.Outcome switch { CheckOutcome.Passed => "passed", CheckOutcome.Failed => "failed", _ => "unknown" }, check.Words))]);
}

/// <param name="Outcome"><c>passed</c>, <c>failed</c> or <c>unknown</c>.</param>
public sealed record AgentCheckPart(string Check, string Outcome, string Words);
