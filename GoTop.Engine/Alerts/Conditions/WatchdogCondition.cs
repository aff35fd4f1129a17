using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>What a watchdog may have to tell.</summary>
public enum WatchdogTrouble : byte
{
    /// <summary>It has failed so many looks in a row as make it unhealthy, and has not been healthy since.</summary>
    Failing,

    /// <summary>It was restarted within the last minutes, or is being restarted for long. Each restart is told by itself.</summary>
    Restarted,

    /// <summary>Its restarts are used up.</summary>
    GivenUp,
}

/// <summary>The target's watchdog has found it unhealthy, restarts it, or has given it up.</summary>
public sealed record WatchdogCondition(WatchdogTrouble Trouble) : AlertCondition
{
    /// <summary>Long enough to be seen at any pace.</summary>
    public static readonly TimeSpan RestartIsNews = TimeSpan.FromMinutes(5);

    /// <summary>What came of it and what was captured is worth waiting for, but not for ever.</summary>
    public static readonly TimeSpan RestartTakesLong = TimeSpan.FromMinutes(1);

    public override string Describe() => Trouble switch
    {
        WatchdogTrouble.Failing => "its watchdog finds it unhealthy",
        WatchdogTrouble.Restarted => "its watchdog restarts it",
        _ => "its watchdog has given it up",
    };

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(Trouble);

    private sealed class Memory(WatchdogTrouble trouble) : ConditionMemory
    {
        /// <summary>When the restart began that is being told.</summary>
        private DateTimeOffset? _told;

        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            if (moment.Watchdog is not { } standing) return Verdict.Of(false, null, "it has no watchdog");
            return trouble switch
            {
                WatchdogTrouble.Failing => Verdict.Of(standing.UnhealthySince is not null, standing.Failures, standing.ToString()),
                WatchdogTrouble.Restarted => OfRestart(standing, moment.Time, isActive),
                _ => Verdict.Of(standing.Phase == WatchdogPhase.GivenUp, standing.Restarts, standing.ToString()),
            };
        }

        private Verdict OfRestart(WatchdogStanding standing, DateTimeOffset now, bool isActive)
        {
            if (standing.LastRestartAt is not { } at || now - at >= RestartIsNews) return Verdict.Of(false, standing.Restarts, "it was not restarted lately");
            // One that follows soon is news of its own: that of before is over, and with the next look this one fires.
            if (isActive && _told is { } told && told != at) return Verdict.Of(false, standing.Restarts, "it is being restarted again");
            bool isUnderWay = standing.LastRestart is null;
            if (!isActive && isUnderWay && now - at < RestartTakesLong) return Verdict.Of(false, standing.Restarts, "it is being restarted");
            _told = at;
            string words = FormattableString.Invariant($"restart {standing.Restarts} of {standing.MostRestarts}, {Figures.Age((now - at).TotalSeconds)} ago");
            return Verdict.Of(true, standing.Restarts, $"{words}: {standing.LastRestart ?? standing.Reason}");
        }
    }
}
