using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Model;

public sealed class TimeHistogramTests
{
    private static readonly TimeHistogram Earlier = new([0, 100, 200], [5, 0, 0]);

    [Fact]
    public void A_difference_holds_only_what_was_added()
    {
        TimeHistogram added = Earlier.Since(new TimeHistogram([0, 100, 200], [1, 0, 0]))!;
        Assert.Equal(4, added.Total);
        Assert.Equal(100, added.QuantileNanoseconds(0.99));
    }

    [Fact]
    public void A_histogram_that_went_back_has_no_difference() =>
        Assert.Null(new TimeHistogram([0, 100, 200], [1, 0, 0]).Since(Earlier));

    [Fact]
    public void An_empty_histogram_has_no_quantile() =>
        Assert.Null(new TimeHistogram([0, 100], [0, 0]).QuantileNanoseconds(0.5));
}
