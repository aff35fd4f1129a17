using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>What is done about an alert that fires.</summary>
public enum TellingState : byte
{
    /// <summary>Handed to its channels.</summary>
    Told,

    Silenced,

    /// <summary>Another alert of its target says it all.</summary>
    Muted,

    /// <summary>No channel takes it.</summary>
    NoChannel,

    /// <summary>It fired before the agent started again, and is not told anew until it is known whether it still does.</summary>
    Unconfirmed,
}

/// <summary>An alert that fires, and who was told of it or why nobody is.</summary>
/// <param name="Words">All of it for a person: <c>silenced by anna until …</c>, <c>told at … by ops-mail; repeats at …</c>.</param>
/// <param name="RepeatsAt">When it is told again; null for never.</param>
/// <param name="Channels">What became of it in each of its channels.</param>
public sealed record AlertStanding(
    string Id, string Rule, string Target, Severity Severity, DateTimeOffset FiredAt, TellingState State, string Words, DateTimeOffset? RepeatsAt, ImmutableArray<ChannelTelling> Channels);

/// <param name="DeliveredAt">When the channel last took it; null while it has not.</param>
/// <param name="Waiting">It stands in the channel's queue, with what went wrong last and when it is tried again.</param>
public sealed record ChannelTelling(string Channel, DateTimeOffset? DeliveredAt, bool Waiting, string? Problem, DateTimeOffset? NextTry);

/// <summary>How a channel is.</summary>
/// <param name="Waiting">Alerts in its queue.</param>
/// <param name="Sent">Messages it took, ever.</param>
/// <param name="Dropped">Alerts that left its queue untold because it was full.</param>
/// <param name="GivenUp">Alerts that left it untold because they were too old.</param>
/// <param name="LastProblem">What went wrong last; null when the last message was taken.</param>
public sealed record ChannelStanding(
    string Name, string Kind, string Where, int Waiting, long Sent, long Dropped, long GivenUp, DateTimeOffset? LastSentAt, string? LastProblem, DateTimeOffset? LastProblemAt);
