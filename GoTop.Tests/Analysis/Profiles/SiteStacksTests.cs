using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

public sealed class SiteStacksTests
{
    private static readonly AnalysedProfile Locks = new(Stacks.Builder(
        [new ProfileValueType("contentions", "count"), new ProfileValueType("delay", "nanoseconds")],
        "main.main@main.go:9;main.book@main.go:51;sync.(*Mutex).Unlock@mutex.go:65 2 500",
        "main.audit@main.go:70;main.book@main.go:51;sync.(*Mutex).Unlock@mutex.go:65 1 900",
        "main.main@main.go:9;main.book@main.go:40;sync.(*RWMutex).RUnlock@rwmutex.go:3 4 100",
        "main.main@main.go:9;main.book@main.go:51;sync.(*Mutex).Unlock@mutex.go:65;runtime.x@x.go:1 1 30").Build());

    [Fact]
    public void A_place_has_the_stacks_that_come_to_it_the_largest_first()
    {
        int delay = Locks.TypeOf("delay");
        ProfileSite site = Locks.Sites(delay)[0];
        Assert.Equal(("main.book", 51L), (site.Function, site.Line));
        ImmutableArray<StackTotals> stacks = Locks.StacksOf(delay, site);
        Assert.Equal([[1, 900], [2, 500], [1, 30]], stacks.Select(stack => stack.Values.ToArray()));
        Assert.Equal(["sync.(*Mutex).Unlock", "main.book", "main.audit"], stacks[0].Frames.Select(frame => frame.Function));
        Assert.Equal([65, 51, 70], stacks[0].Frames.Select(frame => frame.Line));
        // Together they are the place.
        Assert.Equal((site.Values[0], site.Values[1]), (stacks.Sum(stack => stack.Values[0]), stacks.Sum(stack => stack.Values[1])));
    }

    [Fact]
    public void A_place_of_another_profile_has_none() => Assert.Empty(Locks.StacksOf(1, new ProfileSite("main.other", "main.go", 1, "", [1, 1])));

    [Fact]
    public void Places_can_be_those_of_any_code()
    {
        ImmutableArray<ProfileSite> sites = Locks.Sites(1, function => function is not "main.main" and not "main.audit");
        Assert.Equal([("main.audit", 900L), ("main.main", 630L)], sites.Select(site => (site.Function, site.Values[1])));
    }
}
