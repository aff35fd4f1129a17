using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class ProfileDerivationTests
{
    private readonly Derivation _derivation = new();

    [Fact]
    public void The_one_before_stays_beside_the_new_one()
    {
        ProfileCapture first = Heap(1, 100, 40), second = Heap(6, 130, 25);
        Assert.Equal(ReadingState.NotYet, Next(0, default).State);
        ProfileFigure alone = Next(1, Reading.Of(first)).Value;
        Assert.Null(alone.PreviousCapture);
        Assert.Null(alone.Added);
        ProfileFigure figure = Next(6, Reading.Of(second)).Value;
        Assert.Same(first, figure.PreviousCapture);
        Assert.Same(alone.Profile, figure.PreviousProfile);
        Assert.Same(figure, Next(7, Reading.Of(second)).Value);
    }

    [Fact]
    public void What_counts_since_the_start_is_told_since_the_one_before()
    {
        Next(1, Reading.Of(Heap(1, 100, 40)));
        ProfileFigure figure = Next(6, Reading.Of(Heap(6, 130, 25))).Value;
        Assert.Equal(130, figure.Profile.Totals(0).Sum);
        Assert.Equal(30, figure.Added!.Totals(0).Sum);
        Assert.Equal(-15, figure.Added.Totals(1).Sum);
        Assert.Same(figure.Added, figure.Added);
    }

    [Fact]
    public void A_service_that_began_anew_has_no_growth()
    {
        Next(1, Reading.Of(Heap(1, 100, 40)));
        Assert.Null(Next(6, Reading.Of(Heap(6, 20, 20))).Value.Added);
    }

    [Fact]
    public void A_profile_of_a_time_of_its_own_has_no_growth()
    {
        Next(1, Reading.Of(Heap(1, 100, 40) with { Kind = ProfileKind.Cpu }), ProfileKind.Cpu);
        Assert.Null(Next(6, Reading.Of(Heap(6, 130, 40) with { Kind = ProfileKind.Cpu }), ProfileKind.Cpu).Value.Added);
    }

    [Fact]
    public void The_same_capture_is_parsed_once_and_may_be_old()
    {
        ProfileCapture capture = Heap(1, 100, 40);
        ProfileFigure derived = Next(1, Reading.Of(capture)).Value;
        Reading<ProfileFigure> again = Next(2, Reading.Of(capture).AsStale("held back"));
        Assert.Same(derived, again.Value);
        Assert.Equal((ReadingState.Stale, "held back"), (again.State, again.Reason));
    }

    [Fact]
    public void What_is_no_profile_is_told_and_not_parsed_at_every_tick()
    {
        ProfileCapture broken = Heap(1, 1, 1) with { Content = [.. "<html>"u8] };
        Reading<ProfileFigure> first = Next(1, Reading.Of(broken));
        Assert.Equal(ReadingState.Failed, first.State);
        Assert.StartsWith("what the service gave is no profile: ", first.Reason, StringComparison.Ordinal);
        Assert.Same(first.Reason, Next(2, Reading.Of(broken)).Reason);
        Assert.True(Next(3, Reading.Of(Heap(3, 1, 1))).HasValue);
    }

    [Fact]
    public void A_profile_that_the_service_has_not_enabled_is_empty()
    {
        ProfileCapture empty = Capture(ProfileKind.Mutex, 1, new ProfileBuilder(new ProfileValueType("contentions", "count"), new ProfileValueType("delay", "nanoseconds")));
        ProfileFigure figure = Next(1, Reading.Of(empty), ProfileKind.Mutex).Value;
        Assert.True(figure.IsEmpty);
        Assert.False(Next(1, Reading.Of(Heap(1, 5, 5))).Value.IsEmpty);
    }

    private static ProfileCapture Heap(int seconds, long allocated, long inUse)
    {
        ProfileBuilder builder = new(new ProfileValueType("alloc_space", "bytes"), new ProfileValueType("inuse_space", "bytes"));
        builder.AddSample([new ProfileFrame("main.grow", "main.go", 12)], [allocated, inUse]);
        return Capture(ProfileKind.Heap, seconds, builder);
    }

    private static ProfileCapture Capture(ProfileKind kind, int seconds, ProfileBuilder builder)
    {
        using MemoryStream content = new();
        ProfileWriter.Write(builder.Build(), content);
        return new ProfileCapture
        {
            Kind = kind,
            TakenAt = Samples.Start.AddSeconds(seconds),
            ReadAtNanoseconds = Samples.Nanoseconds(seconds),
            Seconds = 0,
            TookMilliseconds = 1,
            CostToTarget = "no pause",
            Content = [.. content.ToArray()],
        };
    }

    private Reading<ProfileFigure> Next(double seconds, Reading<ProfileCapture> capture, ProfileKind kind = ProfileKind.Heap) =>
        _derivation.Next(Samples.At(seconds, new SampleFacts { ProfileCaptures = ProfileCaptures.None.With(kind, capture) }), 0).Now.Profiles[kind];
}
