using GoTop.Engine.Analysis.Traces;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Traces;

/// <summary>Who calls the places of a report, and the stacks of the worst waits.</summary>
public sealed class TraceStacksTests
{
    [Fact]
    public void A_system_call_in_a_wrapper_names_who_calls_the_wrapper()
    {
        SiteDurations slow = TraceReports.Real.SyscallSites[0];
        Assert.Equal("main.blockThread", slow.Site[^1].Function);
        Assert.Equal(["main.(*archive).readSlow", "main.(*archive).reader"], slow.Callers.Frames.Take(2).Select(frame => frame.Function));
        Assert.False(slow.Callers.HasOthers);
    }

    [Fact]
    public void A_lock_that_is_taken_on_one_way_alone_has_one_caller()
    {
        BlockedSite queue = TraceReports.Real.BlockedSites.First(site => site.Reason == "sync");
        Assert.Equal("main.(*ledger).teller", queue.Callers.Frames[0].Function);
        Assert.False(queue.Callers.HasOthers);
    }

    [Fact]
    public void The_worst_waits_have_their_whole_stacks_down_to_where_the_goroutine_began()
    {
        Assert.All(TraceReports.Real.WorstSchedulingWaits.Where(wait => !wait.Stack.IsEmpty), wait =>
        {
            Assert.Equal(wait.Site, wait.Stack.Take(wait.Site.Length));
            Assert.Equal(wait.StartFunction, wait.Stack[^1].Function);
        });
        Assert.Contains(TraceReports.Real.WorstSchedulingWaits, wait => wait.Stack.Length > wait.Site.Length);
    }
}
