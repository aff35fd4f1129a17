using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Cli;

/// <summary>What the screen says of an agent on the same machine.</summary>
internal static class AgentNotice
{
    /// <summary>Null when none runs.</summary>
    public static SourceStatus? Of(Reading<AgentState> found, IPlatform platform, TimeProvider time)
    {
        if (!found.TryGet(out AgentState? state) || !AgentStateFile.IsRunning(state, platform)) return null;
        string since = TimeZoneInfo.ConvertTime(state.StartedAt, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        int watched = state.Targets.Count(target => target.Phase == TargetPhase.Watched), recorded = state.Targets.Count(target => target.Recording is not null);
        string words = state.Phase == AgentPhase.Paused
            ? $"paused; running since {since}"
            : string.Create(CultureInfo.InvariantCulture, $"running since {since}, watching {watched} of {state.Targets.Length}, recording {recorded}");
        return new SourceStatus("agent", state.Phase == AgentPhase.Paused ? SourceState.Stale : SourceState.Ok, words, null);
    }
}
