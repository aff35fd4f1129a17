using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>Waits for what others do by themselves, in real time and never for ever: what does not come fails its test with words.</summary>
internal static class Until
{
    private static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <param name="found">What there is instead, for the failure.</param>
    /// <param name="limit">Null for two minutes.</param>
    /// <param name="what">What is waited for, for the failure; the condition as it is written if nothing else is said.</param>
    public static Task TrueAsync(Func<bool> condition, Func<string>? found = null, TimeSpan? limit = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), found, limit, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}?, TimeSpan?, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? found = null, TimeSpan? limit = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        TimeSpan most = limit ?? UsualLimit;
        long begun = TimeProvider.System.GetTimestamp();
        // What comes soon is seen soon, and what takes minutes is not held up by who looks for it, or keeps locks that it needs.
        for (TimeSpan pause = ShortestPause; !await condition(); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > most) Assert.Fail($"not within {most}: {what}{(found is null ? "" : $"\n{found()}")}");
            await Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The next of what others put into a channel.</summary>
    public static async Task<T> NextAsync<T>(ChannelReader<T> channel, string what)
    {
        try
        {
            return await channel.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(UsualLimit, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not within {UsualLimit}: {what}");
        }
    }
}
