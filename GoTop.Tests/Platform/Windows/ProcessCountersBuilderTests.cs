using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class ProcessCountersBuilderTests
{
    [Fact]
    public void On_Windows_a_count_of_zero_is_a_fact()
    {
        ProcessCounters counters = Build(wine: false, default);
        Assert.Equal((0, 0, 0), (counters.PrivateBytes.Value, counters.ReadBytes.Value, counters.Handles.Value));
        Assert.Equal(0, counters.ContextSwitches.Value);
        Assert.Equal(ReadingState.NotSupported, counters.VoluntarySwitches.State);
        Assert.Equal(ReadingState.NotSupported, counters.HandleLimit.State);
    }

    [Fact]
    public void Under_Wine_what_is_not_counted_says_so()
    {
        ProcessCounters counters = Build(wine: true, new SystemProcess { WorkingSetBytes = 5, Handles = 256, PageFaults = 3 });
        Assert.Equal("Wine does not count private bytes", counters.PrivateBytes.Reason);
        Assert.Equal("Wine does not count handles", counters.Handles.Reason);
        Assert.Equal(ReadingState.NotSupported, counters.ContextSwitches.State);
        Assert.Equal(3, counters.PageFaults.Value);
        Assert.Equal(5, counters.ResidentBytes);
    }

    private static ProcessCounters Build(bool wine, SystemProcess process) =>
        ProcessCountersBuilder.Build(process, wine, Reading.Of(CoreSet.Empty), Reading.Of("Normal"));
}
