using GoTop.App;
using Xunit;

namespace GoTop.Tests.App;

public sealed class TimeWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Theory]
    [InlineData("3m ago", "2026-03-14T09:23:53Z")]
    [InlineData("90s", "2026-03-14T09:25:23Z")]
    [InlineData("-1.5h", "2026-03-14T07:56:53Z")]
    [InlineData(" 9:05 ", "2026-03-14T09:05:00Z")]
    [InlineData("23:59:59", "2026-03-13T23:59:59Z")]
    public void Times_are_read(string text, string expected)
    {
        Assert.True(TimeWords.TryParse(text, Now, TimeZoneInfo.Utc, out DateTimeOffset time, out string? problem), problem);
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("noon")]
    [InlineData("3")]
    [InlineData("m")]
    [InlineData("9999h")]
    [InlineData("25:00")]
    public void Anything_else_is_refused(string text) =>
        Assert.False(TimeWords.TryParse(text, Now, TimeZoneInfo.Utc, out _, out _));

    [Fact]
    public void A_time_of_day_is_the_zones()
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x");
        Assert.True(TimeWords.TryParse("11:00", Now, zone, out DateTimeOffset time, out _));
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 9, 0, 0, TimeSpan.Zero), time);
    }
}
