using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace GoTop.Tests.Support;

/// <summary>
/// Fake time that tells when the code under test starts to wait, so that a test advances neither too early nor by sleeping.
/// </summary>
internal sealed class AwaitableTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer of this length has been started, passing over others.</summary>
    public async Task TimerOfAsync(TimeSpan dueTime)
    {
        while (await _timers.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken) != dueTime)
        {
        }
    }

    /// <summary>Waits for the timer of this length and lets that time pass.</summary>
    public async Task PassAsync(TimeSpan dueTime)
    {
        await TimerOfAsync(dueTime);
        Advance(dueTime);
    }
}
