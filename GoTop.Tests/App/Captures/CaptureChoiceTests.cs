using GoTop.Actions;
using GoTop.App.Captures;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.App.Captures;

public sealed class CaptureChoiceTests
{
    private static readonly CaptureOffer Everything = new() { Seconds = 5, Condition = new TargetCondition { Goroutines = Reading.Of(100L) } };

    [Fact]
    public void It_begins_with_what_is_usual_and_can_be_had()
    {
        Assert.Equal(["cpu", "goroutine", "heap", "stacks"], CaptureChoice.Start(Everything).Chosen);
        Assert.Equal(["stacks"], CaptureChoice.Start(Everything with { WhyNoPprof = "no port" }).Chosen);
        Assert.Empty(CaptureChoice.Start(Everything with { WhyNothing = "a recording" }).Chosen);
    }

    [Fact]
    public void Space_toggles_the_row_and_all_of_them()
    {
        CaptureChoice choice = Press(CaptureChoice.Start(Everything), "space");
        Assert.DoesNotContain("stacks", choice.Chosen);
        choice = Press(choice, "home space");
        Assert.Equal(CaptureCatalog.All.Length, choice.Chosen.Count);
        Assert.True(choice.IsAll(Everything));
        Assert.Empty(Press(choice, "space").Chosen);
        Assert.Equal(CaptureCatalog.All.Length, Press(CaptureChoice.Start(Everything), "a").Chosen.Count);
    }

    [Fact]
    public void What_cannot_be_had_is_not_chosen()
    {
        CaptureOffer offer = Everything with { WhyNoPprof = "no port", WhyNoFlightRecorder = "not on this system" };
        CaptureChoice choice = Press(CaptureChoice.Start(offer), "a a down space", offer);
        Assert.Equal(["stacks"], choice.Chosen);
        CaptureRequest request = choice.Request(offer)!;
        Assert.True(request.IsAll);
        Assert.Equal(["stacks"], request.Kinds.Select(kind => kind.Id));
    }

    [Theory]
    [InlineData(5, "+", 6)]
    [InlineData(10, "+", 15)]
    [InlineData(12, "+", 15)]
    [InlineData(60, "+", 90)]
    [InlineData(300, "+", 300)]
    [InlineData(1, "-", 1)]
    [InlineData(10, "-", 9)]
    [InlineData(15, "-", 10)]
    [InlineData(90, "-", 60)]
    [InlineData(60, "-", 55)]
    public void Seconds_go_in_steps_that_grow(int from, string key, int to) => Assert.Equal(to, Press(CaptureChoice.Start(Everything) with { Seconds = from }, key).Seconds);

    [Fact]
    public void Down_one_meets_the_steps_of_up()
    {
        List<int> up = [1], down = [300];
        while (up[^1] < 300) up.Add(Press(CaptureChoice.Start(Everything) with { Seconds = up[^1] }, "+").Seconds);
        while (down[^1] > 1) down.Add(Press(CaptureChoice.Start(Everything) with { Seconds = down[^1] }, "-").Seconds);
        Assert.Equal(up, Enumerable.Reverse(down));
    }

    [Fact]
    public void Forcing_is_offered_only_when_something_is_held_back()
    {
        Assert.False(Press(CaptureChoice.Start(Everything), "f").Force);
        CaptureOffer ill = Everything with { Condition = Everything.Condition with { GcCpuPercent = Reading.Of(60.0) } };
        CaptureChoice forced = Press(CaptureChoice.Start(ill), "f", ill);
        Assert.True(forced.Force);
        Assert.True(forced.Request(ill)!.Force);
        Assert.False(Press(forced, "f", ill).Force);
    }

    [Fact]
    public void Nothing_chosen_is_no_request() => Assert.Null((CaptureChoice.Start(Everything) with { Chosen = [] }).Request(Everything));

    private static CaptureChoice Press(CaptureChoice choice, string keys, CaptureOffer? offer = null)
    {
        foreach (string text in keys.Split(' '))
        {
            Assert.True(KeyStroke.TryParse(text, out KeyStroke key, out _));
            choice = choice.After(key, offer ?? Everything);
        }

        return choice;
    }
}
