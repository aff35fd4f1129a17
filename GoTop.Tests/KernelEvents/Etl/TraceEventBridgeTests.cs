using GoTop.Engine.KernelEvents.Etl;
using Microsoft.Diagnostics.Tracing;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etl;

public sealed class TraceEventBridgeTests
{
    [Fact]
    public void All_private_members_are_there_in_the_version_that_is_referenced()
    {
        using TraceEventBridge bridge = new(SchedulerIncident.Log.ParsedHeader());
        Assert.Equal(2, bridge.Source.NumberOfProcessors);
        Assert.Equal(8, bridge.Source.PointerSize);
        Assert.Equal(new Version(10, 0, 0, 0), bridge.Source.OSVersion);
    }

    [Fact]
    public void The_version_it_names_is_the_one_that_is_referenced()
    {
        Version version = typeof(TraceEventDispatcher).Assembly.GetName().Version!;
        Assert.Equal(TraceEventBridge.Version, $"{version.Major}.{version.Minor}.{version.Build}");
    }
}
