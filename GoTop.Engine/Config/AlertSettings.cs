using System.Collections.Immutable;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;

namespace GoTop.Engine.Config;

/// <summary>The <c>[alerts]</c> table: how alerts are told, and to whom.</summary>
public sealed record AlertSettings
{
    /// <summary>What is due for a channel and a target within it is one message.</summary>
    public TimeSpan GroupWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told again after so long while it fires, where the rule says nothing; zero for never.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Alerts of more targets than these become one summary.</summary>
    public int StormTargets { get; init; } = 5;

    public ImmutableArray<ChannelSettings> Channels { get; init; } = [];

    /// <summary>Silences that come again, at times of the week.</summary>
    public ImmutableArray<PlannedSilence> Silences { get; init; } = [];

    /// <summary>Those of the file, and the default's.</summary>
    public ImmutableArray<InhibitRule> Inhibits { get; init; } = InhibitRule.Defaults;
}
