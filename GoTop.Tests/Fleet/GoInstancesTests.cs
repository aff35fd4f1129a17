using System.Globalization;
using GoTop.Engine.Fleet.PromQl;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Fleet;

public sealed class GoInstancesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Who_is_not_seen_for_a_day_is_forgotten()
    {
        GoInstances instances = new(_time);
        instances.See("shop", "gone:1");
        instances.See("shop", "here:1");
        _time.Advance(TimeSpan.FromHours(23));
        instances.See("shop", "here:1");
        instances.ForgetOld();
        Assert.True(instances.Knows("shop", "gone:1"));
        _time.Advance(TimeSpan.FromHours(1));
        instances.ForgetOld();
        Assert.Equal((1, true, false), (instances.Count, instances.Knows("shop", "here:1"), instances.Knows("shop", "gone:1")));
    }

    [Fact]
    public void However_many_come_and_go_no_more_are_kept_and_the_newest_are_among_them()
    {
        GoInstances instances = new(_time);
        for (int i = 0; i <= GoInstances.Most; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            instances.See("shop", i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.InRange(instances.Count, GoInstances.Most / 2, GoInstances.Most);
        Assert.False(instances.Knows("shop", "0"));
        Assert.True(instances.Knows("shop", GoInstances.Most.ToString(CultureInfo.InvariantCulture)));
        Assert.True(instances.Knows("shop", (GoInstances.Most - 1).ToString(CultureInfo.InvariantCulture)));
    }
}
