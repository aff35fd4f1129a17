using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;

namespace GoTop.Cli;

/// <summary>What the screen says of an agent on the same machine.</summary>
internal static class AgentNotice
{
    /// <summary>Null when none runs.</summary>
    public static SourceStatus? Of(Reading<AgentState> found, Reading<WatchdogBook> watchdogs, IPlatform platform, TimeProvider time)
    {
        if (!found.TryGet(out AgentState? state) || !AgentStateFile.IsRunning(state, platform)) return null;
        string since = TimeZoneInfo.ConvertTime(state.StartedAt, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        int watched = state.Targets.Count(target => target.Phase == TargetPhase.Watched), recorded = state.Targets.Count(target => target.Recording is not null);
        string words = state.Phase == AgentPhase.Paused
            ? $"paused; running since {since}"
            : string.Create(CultureInfo.InvariantCulture, $"running since {since}, watching {watched} of {state.Targets.Length}, recording {recorded}");
        string[] troubled = [.. (watchdogs.ValueOr(null)?.Targets ?? []).Where(IsTrouble).Select(standing => $"{standing.Target} {standing.PhaseWords}")];
        // First, since the list of sources cuts words off.
        if (troubled.Length > 0) words = PlainText.Clean($"watchdog: {string.Join(", ", troubled)}", 200) + $"; {words}";
        bool isOld = state.IsOld(time.GetUtcNow());
        if (isOld) words = $"it has not said how it stands for {Figures.Age((time.GetUtcNow() - state.WrittenAt).TotalSeconds)}: its disk may be full; {words}";
        SourceState shown = troubled.Length > 0 ? SourceState.Failed : isOld || state.Phase == AgentPhase.Paused ? SourceState.Stale : SourceState.Ok;
        return new SourceStatus("agent", shown, words, null);
    }

    private static bool IsTrouble(WatchdogStanding standing) =>
        standing.Phase is WatchdogPhase.Failing or WatchdogPhase.Restarting or WatchdogPhase.CoolingDown or WatchdogPhase.GivenUp;
}
