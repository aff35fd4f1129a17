using System.Collections.Immutable;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts;

/// <summary>When somebody is to be told of something. One rule watches each of its targets by itself.</summary>
public sealed record AlertRule
{
    public required string Name { get; init; }

    public Severity Severity { get; init; } = Severity.Warning;

    public required AlertCondition Condition { get; init; }

    /// <summary>The condition has to hold for so long before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>It has to be over for so long before it is resolved.</summary>
    public TimeSpan ClearFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names of targets, <c>*</c> for any characters; empty for all.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Labels that a target must have.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Channels that are told; empty for all.</summary>
    public ImmutableArray<string> Channels { get; init; } = [];

    /// <summary>Told again after so long while it fires; null for the usual time.</summary>
    public TimeSpan? Repeat { get; init; }

    /// <summary>What to do about it, for the message.</summary>
    public string? Advice { get; init; }

    /// <summary>It holds without being configured.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Records that hold lists are not equal when what they say is.</summary>
    public bool SaysTheSame(AlertRule other) =>
        this with { Targets = other.Targets, Labels = other.Labels, Channels = other.Channels } == other
        && Targets.SequenceEqual(other.Targets) && Labels.SequenceEqual(other.Labels) && Channels.SequenceEqual(other.Channels);

    public bool Watches(AlertTarget target)
    {
        foreach ((string key, string value) in Labels)
        {
            if (target.Labels.GetValueOrDefault(key) != value) return false;
        }

        return Targets.IsEmpty || Targets.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, target.Name));
    }
}

/// <summary>What a rule watches.</summary>
/// <param name="Name">The same in all its lives.</param>
public sealed record AlertTarget(string Name, ImmutableSortedDictionary<string, string> Labels);
