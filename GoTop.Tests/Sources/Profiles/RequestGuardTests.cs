using GoTop.Engine.Model;
using GoTop.Engine.Sources.Profiles;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

public sealed class RequestGuardTests
{
    private static readonly TargetCondition Well = new()
    {
        GcCpuPercent = Reading.Of(3.0),
        LongestStopNanoseconds = Reading.Of(400_000L),
        SchedulingLatencyP99Nanoseconds = Reading.Of(2_000_000L),
        Goroutines = Reading.Of(800L),
    };

    public static TheoryData<string> Everything => [.. ServedProfile.All.Select(served => served.Id)];

    [Theory]
    [MemberData(nameof(Everything))]
    public void Of_a_target_that_is_well_anything_may_be_asked(string id) => Assert.Null(Check(id, Well));

    [Theory]
    [InlineData("cpu")]
    [InlineData("trace")]
    [InlineData("goroutineleak")]
    [InlineData("goroutine-text")]
    public void Each_sign_of_trouble_holds_dear_requests_back_and_says_its_value(string id)
    {
        AssertStopped(id, Well with { GcCpuPercent = Reading.Of(41.2) }, "GC uses 41 % of its CPU (more than 25 %)");
        AssertStopped(id, Well with { LongestStopNanoseconds = Reading.Of(250_000_000L) }, "the world was stopped for 250 ms in the last 30 s (more than 100 ms)");
        AssertStopped(id, Well with { SchedulingLatencyP99Nanoseconds = Reading.Of(180_000_000L) }, "goroutines wait 180 ms to run at p99 (more than 100 ms)");
    }

    [Theory]
    [InlineData("heap")]
    [InlineData("allocs")]
    [InlineData("mutex")]
    [InlineData("block")]
    [InlineData("threadcreate")]
    [InlineData("goroutine")]
    public void Cheap_requests_are_made_in_any_trouble(string id) => Assert.Null(Check(id, Well with { GcCpuPercent = Reading.Of(60.0) }));

    [Theory]
    [InlineData("cpu")]
    [InlineData("trace")]
    public void At_a_limit_all_is_still_well(string id) =>
        Assert.Null(Check(id, Well with
        {
            GcCpuPercent = Reading.Of(RequestGuard.MostGcCpuPercent),
            LongestStopNanoseconds = Reading.Of(RequestGuard.LongestStopNanoseconds),
            SchedulingLatencyP99Nanoseconds = Reading.Of(RequestGuard.LongestSchedulingLatencyNanoseconds),
        }));

    [Theory]
    [InlineData("cpu")]
    [InlineData("trace")]
    [InlineData("goroutineleak")]
    public void A_person_who_has_confirmed_gets_it(string id)
    {
        TargetCondition ill = Well with { GcCpuPercent = Reading.Of(80.0) };
        Assert.True(Check(id, ill)!.CanForce);
        Assert.Null(Check(id, ill, force: true));
    }

    [Fact]
    public void Figures_that_are_not_known_hold_nothing_back() => Assert.Null(Check("cpu", TargetCondition.Unknown));

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void A_dump_as_text_is_for_2000_goroutines_at_most_whoever_asks(long goroutines, bool allowed)
    {
        GuardStop? stop = Check("goroutine-text", Well with { Goroutines = Reading.Of(goroutines) }, byPerson: true, force: true);
        Assert.Equal(allowed, stop is null);
        if (stop is not null) Assert.Equal((false, "2001 goroutines (more than 2000) would stop the world for long: take their stacks from memory"), (stop.CanForce, stop.Reason));
    }

    [Fact]
    public void An_unknown_number_of_goroutines_is_too_many_for_a_dump_as_text() =>
        Assert.Contains("is not known", Check("goroutine-text", Well with { Goroutines = default }, byPerson: true, force: true)!.Reason, StringComparison.Ordinal);

    [Fact]
    public void A_goroutine_profile_of_more_than_100000_is_for_who_asks_for_it()
    {
        TargetCondition large = Well with { Goroutines = Reading.Of(400_000L) };
        Assert.Equal("400000 goroutines (more than 100000) take 0.9 s of its CPU time", Check("goroutine", large)!.Reason);
        Assert.Null(Check("goroutine", large, byPerson: true));
        Assert.Null(Check("goroutine", Well with { Goroutines = Reading.Of(100_000L) }));
        Assert.NotNull(Check("goroutine", Well with { Goroutines = default }));
    }

    [Fact]
    public void A_large_goroutine_profile_is_dear() =>
        AssertStopped("goroutine", Well with { Goroutines = Reading.Of(20_001L), GcCpuPercent = Reading.Of(41.0) }, "GC uses 41 % of its CPU (more than 25 %)");

    private static void AssertStopped(string id, TargetCondition condition, string reason) => Assert.Equal(reason, Check(id, condition)?.Reason);

    private static GuardStop? Check(string id, TargetCondition condition, bool byPerson = false, bool force = false) =>
        RequestGuard.Check(ServedProfile.All.Single(served => served.Id == id), condition, byPerson, force);
}
