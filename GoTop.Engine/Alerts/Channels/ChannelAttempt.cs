using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>One try to send over a channel: with a deadline, and with no secret in what is said of it.</summary>
public static class ChannelAttempt
{
    private const int LongestTold = 300;
    private const int ShortestSecret = 4;
    private const string Hidden = "(secret)";

    /// <summary>A channel that does not heed its deadline is left to itself; it holds nothing else up.</summary>
    /// <exception cref="ChannelException">It was not taken, for whatever reason.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public static async Task<string> SendAsync(IAlertChannel channel, AlertMessage message, TimeSpan deadline, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(deadline, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            CancellationToken both = either.Token;
            string told = await Task.Run(() => channel.SendAsync(message, both), both).WaitAsync(both).ConfigureAwait(false);
            return Clean(told, channel);
        }
        catch (ChannelException failure)
        {
            throw new ChannelException(Clean(failure.Message, channel), failure.IsTransient) { RetryAfter = failure.RetryAfter };
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception) when (late.IsCancellationRequested)
        {
            throw new ChannelException(FormattableString.Invariant($"no answer within {deadline.TotalSeconds:0.#} s"), isTransient: true);
        }
        catch (Exception bug)
        {
            throw new ChannelException(Clean($"{bug.GetType().Name}: {bug.Message}", channel), isTransient: false);
        }
    }

    /// <summary>One line without secrets. Servers like to repeat what they were sent.</summary>
    private static string Clean(string text, IAlertChannel channel)
    {
        foreach (string secret in channel.Secrets.Where(secret => secret.Length >= ShortestSecret).OrderByDescending(secret => secret.Length))
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        return PlainText.Clean(text, LongestTold);
    }
}
