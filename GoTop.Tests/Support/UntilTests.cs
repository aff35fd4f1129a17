using Xunit;
using Xunit.Sdk;

namespace GoTop.Tests.Support;

public sealed class UntilTests
{
    [Fact]
    public async Task What_does_not_come_is_told_with_what_there_is_instead()
    {
        int seen = 1;
        FailException late = await Assert.ThrowsAsync<FailException>(() => Until.TrueAsync(() => seen == 2, () => $"seen {seen}", TimeSpan.Zero));
        Assert.Equal("not within 00:00:00: () => seen == 2\nseen 1", late.Message);
    }

    [Fact]
    public async Task What_comes_later_is_looked_for_again()
    {
        int looks = 0;
        await Until.TrueAsync(() => ++looks == 3);
        Assert.Equal(3, looks);
    }
}
