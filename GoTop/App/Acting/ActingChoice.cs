using GoTop.Engine.Model;

namespace GoTop.App.Acting;

public enum ActingFace : byte
{
    /// <summary>Which cores, which priority.</summary>
    Cores,

    /// <summary>What to do with the service.</summary>
    Service,

    /// <summary>What would happen, waiting for a yes.</summary>
    Confirm,

    /// <summary>The same for a production target that has had its first yes.</summary>
    ConfirmProduction,

    /// <summary>How far it is, or what came of it.</summary>
    Outcome,
}

/// <summary>What the person has chosen in the overlays of acting. Immutable.</summary>
/// <param name="Before">The chooser to go back to.</param>
/// <param name="Row">Of the service's actions.</param>
public sealed record ActingChoice(ActingFace Face, ActingFace Before, int Row)
{
    /// <summary>Null before the cores are known.</summary>
    public CoreChoice? Cores { get; init; }

    /// <summary>Evidence before a restart.</summary>
    public bool Capture { get; init; } = true;

    /// <summary>How long its manager waits before it starts it again, where that is to be set.</summary>
    public TimeSpan RecoveryDelay { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsAsking => Face is ActingFace.Confirm or ActingFace.ConfirmProduction;
}

/// <summary>Chosen cores.</summary>
/// <param name="Core">The number of the core under the cursor.</param>
/// <param name="Priority">A word of <c>PriorityText</c>; null to leave it as it is.</param>
public sealed record CoreChoice(CoreSet Chosen, CoreSet Now, int Core, string? Priority);
