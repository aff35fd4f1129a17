using GoTop.Engine.Platform.Windows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class SharedAnswerTests
{
    [Fact]
    public void Callers_within_a_tenth_of_a_second_share_one_reading()
    {
        FakeTimeProvider time = new();
        int readings = 0;
        SharedAnswer<int> answer = new(time, () =>
        {
            // It takes longer than it is fresh.
            time.Advance(TimeSpan.FromSeconds(1));
            return ++readings;
        });
        Assert.Equal([1, 1], [answer.Get(), answer.Get()]);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, answer.Get());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, answer.Get());
    }
}
