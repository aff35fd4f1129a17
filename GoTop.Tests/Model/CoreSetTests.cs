using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Model;

public sealed class CoreSetTests
{
    [Theory]
    [InlineData("0-3,8", "0-3,8")]
    [InlineData("8,0,1,2,3\n", "0-3,8")]
    [InlineData("", "none")]
    [InlineData("5", "5")]
    public void Kernel_lists_are_read_and_written(string list, string written) =>
        Assert.Equal(written, CoreSet.Parse(list).ToString());

    [Theory]
    [InlineData("3-1")]
    [InlineData("a")]
    [InlineData("1,,2")]
    public void Anything_else_is_refused(string list) =>
        Assert.Throws<FormatException>(() => CoreSet.Parse(list));
}
