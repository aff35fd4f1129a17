using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using Xunit;

namespace GoTop.Tests.Control.Affinity;

public sealed class CorePlanTests
{
    [Fact]
    public void A_plan_becomes_the_cores_of_this_machine()
    {
        Assert.Equal("0-3,7", CorePlan.List(" 0-3,7").Resolve(ControlFixtures.TwoNodes).ToString());
        Assert.Equal("0-7", CorePlan.All.Resolve(ControlFixtures.TwoNodes).ToString());
        Assert.Equal("2-3,6-7", CorePlan.Node("1").Resolve(ControlFixtures.TwoNodes).ToString());
        Assert.Equal("2-3,6-7", CorePlan.Node("free").Resolve(ControlFixtures.TwoNodes).ToString());
        Assert.Equal("0-3", CorePlan.OnePerPhysicalCore.Resolve(ControlFixtures.TwoNodes).ToString());
        Assert.Equal("0,3-4,7", CorePlan.Pairs("4,3").Resolve(ControlFixtures.TwoNodes).ToString());
    }

    [Fact]
    public void What_this_machine_has_not_is_told()
    {
        Assert.Contains("no core 8-9; it has 0-7", Assert.Throws<ControlException>(() => CorePlan.List("7-9").Resolve(ControlFixtures.TwoNodes)).Message, StringComparison.Ordinal);
        Assert.Contains("no NUMA node 2 with cores; it has 0, 1", Assert.Throws<ControlException>(() => CorePlan.Node(2).Resolve(ControlFixtures.TwoNodes)).Message, StringComparison.Ordinal);
        Assert.Throws<ControlException>(() => CorePlan.FreestMemoryNode.Resolve(ControlFixtures.TwoNodes with { NumaNodes = [] }));
        Assert.Throws<ControlException>(() => CorePlan.List("3-1"));
        Assert.Throws<ControlException>(() => CorePlan.List(""));
        Assert.Throws<ControlException>(() => CorePlan.Node("one"));
    }

    [Theory]
    [InlineData("below-normal", null, null, false, "nice 10")]
    [InlineData("-7", "realtime", null, false, "nice -7, I/O realtime:4")]
    [InlineData("high", null, true, true, "High, EcoQoS on")]
    public void Priorities_are_written_in_words(string level, string? io, bool? eco, bool windows, string expected) =>
        Assert.Equal(expected, PriorityText.Parse(level, io, eco, windows).ToString());

    [Theory]
    [InlineData("20", null, null, false)]
    [InlineData("urgent", null, null, false)]
    [InlineData("3", null, null, true)]
    [InlineData("normal", "idle", null, true)]
    [InlineData("normal", null, true, false)]
    public void What_a_system_has_not_is_refused(string level, string? io, bool? eco, bool windows) =>
        Assert.Throws<ControlException>(() => PriorityText.Parse(level, io, eco, windows));
}
