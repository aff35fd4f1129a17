using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GoTop.Engine.Control.Watchdog.Checks;

namespace GoTop.Engine.Control.Watchdog;

public enum WatchdogPhase : byte
{
    /// <summary>It has not been seen, is not watched, or nothing can be told.</summary>
    Waiting,

    /// <summary>It starts up: its failures do not count yet.</summary>
    Grace,
    Healthy,
    Failing,
    Restarting,

    /// <summary>It fails, and may not be restarted again yet.</summary>
    CoolingDown,

    /// <summary>It fails, and its restarts are used up.</summary>
    GivenUp,

    /// <summary>Somebody stopped it on purpose, a window of maintenance, or its own service manager is at it.</summary>
    Paused,
}

/// <summary>How one target stands with its watchdog: what is shown, alerted upon, and found again by the next agent. Immutable.</summary>
/// <param name="Since">When it came into this phase.</param>
/// <param name="Reason">Why it is in this phase, in words.</param>
/// <param name="Next">What happens next.</param>
/// <param name="NextAt">When; null when that depends on the target.</param>
public sealed record WatchdogStanding(string Target, WatchdogPhase Phase, DateTimeOffset Since, string Reason, string Next, DateTimeOffset? NextAt = null)
{
    /// <summary>Looks in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>So many make it unhealthy.</summary>
    public int FailuresNeeded { get; init; }

    /// <summary>Since when it has been unhealthy; null when it is not.</summary>
    public DateTimeOffset? UnhealthySince { get; init; }

    /// <summary>Restarts that are used up.</summary>
    public int Restarts { get; init; }

    public int MostRestarts { get; init; }

    /// <summary>Before this it is not restarted again; null when it may be.</summary>
    public DateTimeOffset? CoolsUntil { get; init; }

    public DateTimeOffset? LastRestartAt { get; init; }

    /// <summary>What came of it, in words.</summary>
    public string? LastRestart { get; init; }

    /// <summary>Folder of what was captured before the last restart; null when nothing was.</summary>
    public string? LastCapture { get; init; }

    /// <summary>The person's action that it is let be for; null for none.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>What the last look saw.</summary>
    public ImmutableArray<CheckResult> Checks { get; init; } = [];

    /// <summary>The word for people and JSON: <c>given up</c>.</summary>
    [JsonIgnore]
    public string PhaseWords => Phase switch
    {
        WatchdogPhase.Grace => "starting up",
        WatchdogPhase.CoolingDown => "cooling down",
        WatchdogPhase.GivenUp => "given up",
        _ => Phase.ToString().ToLowerInvariant(),
    };

    /// <summary>In a line, without the target.</summary>
    public override string ToString() => $"{PhaseWords}: {Reason}; {Next}";
}
