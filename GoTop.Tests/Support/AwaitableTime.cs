using System.Threading.Channels;

namespace GoTop.Tests.Support;

/// <summary>
/// Fake time that tells when the code under test starts to wait, so that a test advances neither too early nor by sleeping.
/// </summary>
internal sealed class AwaitableTime : SettableTime
{
    private const int MostTold = 5;

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>In real time: a timer that never comes must fail its test and not hold up all others.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Waits until a timer of this length has been started, passing over others.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task TimerOfAsync(TimeSpan dueTime)
    {
        CancellationToken ended = Xunit.TestContext.Current.CancellationToken;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ended);
        late.CancelAfter(Limit);
        Queue<TimeSpan> others = [];
        try
        {
            while (await _timers.Reader.ReadAsync(late.Token) is var timer && timer != dueTime)
            {
                others.Enqueue(timer);
                if (others.Count > MostTold) others.Dequeue();
            }
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            throw new TimeoutException($"nobody started a timer of {dueTime} within {Limit}; the last others: {(others.Count == 0 ? "none" : string.Join(", ", others))}");
        }
    }

    /// <summary>Waits for the timer of this length and lets that time pass.</summary>
    public async Task PassAsync(TimeSpan dueTime)
    {
        await TimerOfAsync(dueTime);
        Advance(dueTime);
    }
}
