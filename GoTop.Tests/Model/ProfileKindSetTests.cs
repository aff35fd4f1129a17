using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using Xunit;

namespace GoTop.Tests.Model;

public sealed class ProfileKindSetTests
{
    [Fact]
    public void Interests_in_the_same_kinds_are_equal_in_whatever_order_they_were_named() =>
        Assert.Equal(
            new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Cpu, ProfileKind.GoroutineLeak) },
            new Interest { Profiles = ProfileKindSet.Empty.With(ProfileKind.GoroutineLeak).With(ProfileKind.Heap).With(ProfileKind.Cpu).Without(ProfileKind.Heap) });

    [Fact]
    public void A_set_holds_what_was_put_in()
    {
        ProfileKindSet set = ProfileKindSet.Of(ProfileKind.Heap, ProfileKind.Block);
        Assert.Equal([ProfileKind.Heap, ProfileKind.Block], set);
        Assert.Equal(2, set.Count);
        Assert.True(set.Contains(ProfileKind.Block));
        Assert.False(set.Contains(ProfileKind.Mutex));
        Assert.Empty(ProfileKindSet.Empty);
    }

    [Fact]
    public void Every_kind_has_its_capture()
    {
        foreach (ProfileKind kind in Enum.GetValues<ProfileKind>())
        {
            ProfileCaptures captures = ProfileCaptures.None.With(kind, Reading.Failed<ProfileCapture>("x"));
            Assert.Equal("x", captures[kind].Reason);
            Assert.Equal(1, ProfileCaptures.Kinds.Count(other => captures[other].State == ReadingState.Failed));
            Assert.Equal("x", ProfileCaptures.None.Or(captures)[kind].Reason);
        }
    }
}
