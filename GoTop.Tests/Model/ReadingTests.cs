using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Model;

public sealed class ReadingTests
{
    [Fact]
    public void A_default_reading_is_absent_and_has_no_value() =>
        Assert.Throws<InvalidOperationException>(() => default(Reading<long>).Value);

    [Fact]
    public void The_first_present_source_wins() =>
        Assert.Equal(1, Reading.Of(1).Or(Reading.Of(2)).Value);

    [Fact]
    public void A_reason_outlives_not_yet_but_not_a_value()
    {
        Reading<int> denied = Reading.Denied<int>("ptrace_scope is 1");
        Assert.Equal("ptrace_scope is 1", Reading.NotYet<int>().Or(denied).Reason);
        Assert.Equal("ptrace_scope is 1", denied.Or(Reading.NotYet<int>()).Reason);
        Assert.Equal(7, denied.Or(Reading.Of(7)).Value);
    }
}
