using Xunit;

namespace GoTop.Tests.Support;

public sealed class AwaitableTimeTests
{
    [Fact]
    public async Task A_timer_that_nobody_starts_fails_the_test_and_is_named()
    {
        AwaitableTime time = new() { Limit = TimeSpan.FromMilliseconds(20) };
        await using ITimer other = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(7), Timeout.InfiniteTimeSpan);
        TimeoutException late = await Assert.ThrowsAsync<TimeoutException>(() => time.TimerOfAsync(TimeSpan.FromSeconds(3)));
        Assert.StartsWith("nobody started a timer of 00:00:03 within", late.Message, StringComparison.Ordinal);
        Assert.EndsWith("others: 00:00:07", late.Message, StringComparison.Ordinal);
    }
}
