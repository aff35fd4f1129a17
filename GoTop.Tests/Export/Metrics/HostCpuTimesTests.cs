using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Export.Metrics;

public sealed class HostCpuTimesTests
{
    private const long Second = 1_000_000_000;
    private readonly HostCpuTimes _times = new();

    /// <summary>As Linux's do by a few ticks: proc_stat(5) says so of iowait.</summary>
    [Fact]
    public void What_steps_back_is_told_as_it_was_until_it_is_passed()
    {
        Assert.Equal(10 * Second, Told(Core(0, 10 * Second)));
        Assert.Equal(10 * Second, Told(Core(0, 9 * Second)));
        Assert.Equal(10 * Second, Told(Core(0, 10 * Second)));
        Assert.Equal(11 * Second, Told(Core(0, 11 * Second)));
    }

    [Fact]
    public void A_core_that_goes_offline_takes_nothing_away()
    {
        Assert.Equal(30 * Second, Told(Core(0, 10 * Second), Core(1, 20 * Second)));
        Assert.Equal(31 * Second, Told(Core(0, 11 * Second)));
        Assert.Equal(33 * Second, Told(Core(0, 12 * Second), Core(1, 21 * Second)));
    }

    [Fact]
    public void One_that_begins_anew_is_added_to_what_was_told()
    {
        Assert.Equal(100 * Second, Told(Core(0, 100 * Second)));
        Assert.Equal(100 * Second, Told(Core(0, 1 * Second)));
        Assert.Equal(104 * Second, Told(Core(0, 5 * Second)));
    }

    private long Told(params CoreTimes[] read)
    {
        CoreTimes[] told = [.. _times.Told([.. read])];
        Assert.Equal(told.Sum(core => core.IdleNanoseconds), told.Sum(core => core.IoWaitNanoseconds));
        return told.Sum(core => core.UserNanoseconds);
    }

    private static CoreTimes Core(int id, long time) => new(id, time, time, time, time, time, time);
}
