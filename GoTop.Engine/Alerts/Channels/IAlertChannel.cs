using System.Collections.Immutable;
using GoTop.Engine.Alerts.Delivery;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>A way to tell somebody. One message at a time.</summary>
public interface IAlertChannel : IDisposable
{
    /// <summary>What must not stand in any message about the channel: passwords, tokens, the secret part of an address.</summary>
    ImmutableArray<string> Secrets { get; }

    /// <returns>What came back, in words for a person.</returns>
    /// <exception cref="ChannelException">It was not taken.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    Task<string> SendAsync(AlertMessage message, CancellationToken cancellation);
}

/// <summary>A message was not taken. The text is for people.</summary>
/// <param name="isTransient">It may be taken in a moment, with nothing changed.</param>
public sealed class ChannelException(string message, bool isTransient) : Exception(message)
{
    public bool IsTransient { get; } = isTransient;

    /// <summary>The other side asked to be left alone for so long.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
