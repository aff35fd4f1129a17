using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class ProfileDerivationTests
{
    private readonly Derivation _derivation = new();

    [Fact]
    public void The_capture_before_stays_beside_the_new_one()
    {
        ProfileCapture first = Capture(1), second = Capture(6);
        Assert.Equal(ReadingState.NotYet, Next(0, default)[ProfileKind.Heap].State);
        Assert.Null(Next(1, Reading.Of(first))[ProfileKind.Heap].Value.PreviousCapture);
        Assert.Same(first, Next(6, Reading.Of(second))[ProfileKind.Heap].Value.PreviousCapture);
        Assert.Same(first, Next(7, Reading.Of(second))[ProfileKind.Heap].Value.PreviousCapture);
    }

    [Fact]
    public void The_same_capture_is_derived_once()
    {
        ProfileCapture capture = Capture(1);
        ProfileFigure derived = Next(1, Reading.Of(capture))[ProfileKind.Heap].Value;
        Reading<ProfileFigure> again = Next(2, Reading.Of(capture).AsStale("held back"))[ProfileKind.Heap];
        Assert.Same(derived, again.Value);
        Assert.Equal((ReadingState.Stale, "held back"), (again.State, again.Reason));
    }

    private static ProfileCapture Capture(int seconds) => new()
    {
        Kind = ProfileKind.Heap,
        TakenAt = Samples.Start.AddSeconds(seconds),
        ReadAtNanoseconds = Samples.Nanoseconds(seconds),
        Seconds = 0,
        TookMilliseconds = 1,
        CostToTarget = "no pause",
        Content = [],
    };

    private ProfileFigures Next(double seconds, Reading<ProfileCapture> heap) =>
        _derivation.Next(Samples.At(seconds, new SampleFacts { ProfileCaptures = new ProfileCaptures { Heap = heap } }), 0).Now.Profiles;
}
