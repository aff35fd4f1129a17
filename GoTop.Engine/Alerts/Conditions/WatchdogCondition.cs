using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>What a watchdog may have to tell.</summary>
public enum WatchdogTrouble : byte
{
    /// <summary>It has failed so many looks in a row as make it unhealthy, and has not been healthy since.</summary>
    Failing,

    /// <summary>It is being restarted, or was within the last minutes.</summary>
    Restarted,

    /// <summary>Its restarts are used up.</summary>
    GivenUp,
}

/// <summary>The target's watchdog has found it unhealthy, restarts it, or has given it up.</summary>
public sealed record WatchdogCondition(WatchdogTrouble Trouble) : AlertCondition
{
    /// <summary>Long enough to be seen at any pace, short enough that the next restart is told as well.</summary>
    public static readonly TimeSpan RestartIsNews = TimeSpan.FromMinutes(5);

    public override string Describe() => Trouble switch
    {
        WatchdogTrouble.Failing => "its watchdog finds it unhealthy",
        WatchdogTrouble.Restarted => "its watchdog restarts it",
        _ => "its watchdog has given it up",
    };

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(Trouble);

    private sealed class Memory(WatchdogTrouble trouble) : ConditionMemory
    {
        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            if (moment.Watchdog is not { } standing) return Verdict.Of(false, null, "it has no watchdog");
            return trouble switch
            {
                WatchdogTrouble.Failing => Verdict.Of(standing.UnhealthySince is not null, standing.Failures, standing.ToString()),
                WatchdogTrouble.Restarted => OfRestart(standing, moment.Time),
                _ => Verdict.Of(standing.Phase == WatchdogPhase.GivenUp, standing.Restarts, standing.ToString()),
            };
        }

        private static Verdict OfRestart(WatchdogStanding standing, DateTimeOffset now)
        {
            if (standing.LastRestartAt is not { } at || now - at >= RestartIsNews) return Verdict.Of(false, standing.Restarts, "it was not restarted lately");
            string words = FormattableString.Invariant($"restart {standing.Restarts} of {standing.MostRestarts}, {Figures.Age((now - at).TotalSeconds)} ago");
            return Verdict.Of(true, standing.Restarts, $"{words}: {standing.LastRestart ?? standing.Reason}");
        }
    }
}
