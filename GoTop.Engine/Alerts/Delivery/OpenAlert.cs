using System.Collections.Immutable;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>An alert that fires, as it outlives the agent: a rule that fires for a target has one, whatever its engine's life.</summary>
public sealed record OpenAlert
{
    /// <summary>The newest that was known of it.</summary>
    public required AlertItem Item { get; init; }

    /// <summary>When it was last handed to channels; null while it never was.</summary>
    public DateTimeOffset? LastToldAt { get; init; }

    /// <summary>How often it was.</summary>
    public int Tellings { get; init; }

    /// <summary>Channels that were told that it fires: those are told that it is over.</summary>
    public ImmutableArray<string> ToldTo { get; init; } = [];

    public string Rule => Item.Rule;

    public string Target => Item.Target;
}
