using System.Collections.Immutable;

namespace GoTop.Engine.Control.Rules;

/// <summary>What may be done to a target: the <c>rules</c> of a <c>[[target]]</c>.</summary>
public sealed record ActionRules
{
    /// <summary>For a target without rules: everything, by everybody, at any time.</summary>
    public static ActionRules None { get; } = new();

    /// <summary>Ids of actions; null for all.</summary>
    public ImmutableArray<string>? Allow { get; init; }

    /// <summary>Accounts; empty for all.</summary>
    public ImmutableArray<string> By { get; init; } = [];

    /// <summary>Empty for any time.</summary>
    public ImmutableArray<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>A second confirmation is asked for.</summary>
    public bool Production { get; init; }

    /// <summary>Something in them could not be read, so nothing is allowed until it can.</summary>
    public bool IsBroken { get; init; }
}
