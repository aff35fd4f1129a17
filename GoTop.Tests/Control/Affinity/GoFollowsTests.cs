using System.Collections.Immutable;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Control.Affinity;

public sealed class GoFollowsTests
{
    [Theory]
    [InlineData("go1.24.9", null, "", false, "counts cores at its start only: GOMAXPROCS stays (8 now)")]
    [InlineData("go1.25.0", null, "", true, "becomes 2")]
    [InlineData("go1.27.4", null, "GODEBUG=panicnil=1", true, "becomes 2")]
    [InlineData("go1.25.0", null, "GOMAXPROCS=8", false, "GOMAXPROCS=8 was set")]
    [InlineData("go1.25.0", null, "GODEBUG=gctrace=1,updatemaxprocs=0", false, "updatemaxprocs=0 holds it back")]
    [InlineData("go1.27.4", "panicnil=1,updatemaxprocs=0", "", false, "updatemaxprocs=0 holds it back")]
    [InlineData("go1.27.4", "updatemaxprocs=0", "GODEBUG=updatemaxprocs=1", true, "becomes 2")]
    public void Go_follows_from_1_25_on_unless_something_holds_it_back(string version, string? build, string environment, bool follows, string told)
    {
        ImmutableSortedDictionary<string, string> settings = ImmutableSortedDictionary<string, string>.Empty;
        if (build is not null) settings = settings.Add("DefaultGODEBUG", build);
        ImmutableArray<KeyValuePair<string, string>> variables = environment.Length == 0 ? [] : [KeyValuePair.Create(environment.Split('=', 2)[0], environment.Split('=', 2)[1])];
        (bool does, string words) = GoFollows.Of(Reading.Of(new GoBuildInfo(version, "", "", "", settings)), Reading.Of(variables), 8, 2);
        Assert.Equal(follows, does);
        Assert.Contains(told, words, StringComparison.Ordinal);
        if (!follows) Assert.Contains("GOMAXPROCS=2", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_not_known_is_not_trusted_to_follow() =>
        Assert.False(GoFollows.Of(Reading.Failed<GoBuildInfo>("no"), Reading.Of<ImmutableArray<KeyValuePair<string, string>>>([]), null, 2).Follows);
}
