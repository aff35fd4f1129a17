using GoTop.Engine.Diagnosis;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>What all <c>[[alerts.channel]]</c> have in common.</summary>
/// <param name="Name">As rules and people name it.</param>
/// <param name="Least">It is told of alerts of this severity and graver ones.</param>
/// <param name="TellsResolved">Also that an alert is over.</param>
/// <param name="Timeout">How long one try to send may take; null for the usual time.</param>
public sealed record ChannelCommon(string Name, Severity Least = Severity.Notice, bool TellsResolved = true, TimeSpan? Timeout = null)
{
    public static readonly TimeSpan UsualDeadline = TimeSpan.FromSeconds(15);

    public TimeSpan Deadline => Timeout ?? UsualDeadline;
}

/// <summary>What a channel may use.</summary>
public sealed record ChannelParts(TimeProvider Time, ILogger Log);

/// <summary>One <c>[[alerts.channel]]</c>.</summary>
public abstract record ChannelSettings(ChannelCommon Common)
{
    /// <summary>An id of <see cref="ChannelCatalog"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>Where messages go, without a secret.</summary>
    public abstract string Where { get; }

    public string Name => Common.Name;

    public abstract IAlertChannel Create(ChannelParts parts);

    /// <summary>A channel made of these would be the same in all. Records that hold lists are not equal when what they say is.</summary>
    public virtual bool SaysTheSame(ChannelSettings other) => this == other;

    /// <summary>A record's own text would print secrets.</summary>
    public sealed override string ToString() => $"{Kind} {Name}: {Where}";
}
