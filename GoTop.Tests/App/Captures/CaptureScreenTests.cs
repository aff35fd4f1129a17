using System.Collections.Immutable;
using GoTop.App.Captures;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App.Captures;

public sealed class CaptureScreenTests : IDisposable
{
    private static readonly CaptureOffer Everything = new() { Condition = new TargetCondition { Goroutines = Reading.Of(100L) } };
    private static readonly CaptureOffer Ill = Everything with { Condition = Everything.Condition with { GcCpuPercent = Reading.Of(61.0) } };

    private readonly AppUnderTest _test = new();

    public CaptureScreenTests() => _test.Host.Offer = Everything;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Enter_starts_what_is_chosen_and_the_line_below_shows_how_far_it_is()
    {
        string screen = _test.Press("c");
        Assert.Contains("Capture into files", screen, StringComparison.Ordinal);
        screen = _test.Press("+ enter");
        CaptureRequest request = Assert.Single(_test.Host.Started);
        Assert.Equal(["stacks", "heap", "goroutine", "cpu"], request.Kinds.Select(kind => kind.Id));
        Assert.Equal((6, false, false), (request.Seconds, request.IsAll, request.Force));
        Assert.DoesNotContain("Capture into files", screen, StringComparison.Ordinal);

        Publish(Running());
        string line = _test.Screen().Split('\n')[39];
        Assert.StartsWith(" capturing ", line, StringComparison.Ordinal);
        Assert.Contains("cpu (3 of 4) 2.5 of 5 s, 1.2 KiB", line, StringComparison.Ordinal);
        Assert.Contains("X cancel  c details", line, StringComparison.Ordinal);
        Assert.Contains("capturing", _test.Press("2").Split('\n')[39], StringComparison.Ordinal);
        _test.Press("X");
        Assert.Equal(1, _test.Host.CaptureCancelled);
    }

    [Fact]
    public void While_it_goes_on_c_shows_it_and_x_cancels_it()
    {
        Publish(Running());
        Assert.Contains("Capturing", _test.Press("c"), StringComparison.Ordinal);
        _test.Press("x");
        Assert.Equal(1, _test.Host.CaptureCancelled);
        Publish(Over());
        string screen = _test.Screen();
        Assert.Contains("Captured", screen, StringComparison.Ordinal);
        Assert.Contains("/captures/shop-20261125-170000", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("Captured", _test.Press("esc"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_captured_is_opened_with_a_viewer()
    {
        Assert.Contains("Nothing has been captured yet", _test.Press("o"), StringComparison.Ordinal);
        Publish(Over());
        Assert.Contains("Captured", _test.Press("o"), StringComparison.Ordinal);
        _test.Press("j enter");
        Assert.Equal("heap", Assert.Single(_test.Host.OpenedCaptures).Kind.Id);
        Assert.Contains("There is no file of trace", _test.Press("j j enter"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_file_is_opened_at_once()
    {
        CaptureProgress progress = Over().Progress;
        Publish(new CaptureStatus(progress with { Items = [progress.Items[1]] }, IsRunning: false));
        _test.Press("o");
        Assert.Equal("heap", Assert.Single(_test.Host.OpenedCaptures).Kind.Id);
    }

    [Fact]
    public void Nothing_to_capture_from_is_told()
    {
        _test.Host.Offer = new CaptureOffer { WhyNothing = "a live service must be watched" };
        Assert.Contains("a live service must be watched", _test.Press("c"), StringComparison.Ordinal);
        _test.Press("space enter");
        Assert.Empty(_test.Host.Started);
        Assert.Contains("No capture is under way", _test.Press("esc X"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forced_capture_is_forced_once()
    {
        _test.Host.Offer = Ill;
        _test.Press("c f enter");
        Assert.True(Assert.Single(_test.Host.Started).Force);
        _test.Press("c enter");
        Assert.False(_test.Host.Started[1].Force);
    }

    [Fact]
    public void One_key_saves_what_the_flight_recorder_has_kept()
    {
        _test.Host.Offer = Everything;
        _test.Host.FlightRecorder = Reading.Of(TimeSpan.FromSeconds(30));
        Assert.Contains("Saving the last 30 s of kernel events", _test.Press("S"), StringComparison.Ordinal);
        CaptureRequest request = Assert.Single(_test.Host.Started);
        Assert.Equal(("kernel", 30, false), (Assert.Single(request.Kinds).Id, request.Seconds, request.IsAll));
        Publish(Running());
        Assert.Contains("A capture is under way", _test.Press("S"), StringComparison.Ordinal);
        Assert.Single(_test.Host.Started);
    }

    [Fact]
    public void Without_a_flight_recorder_the_key_says_what_is_missing()
    {
        _test.Host.FlightRecorder = Reading.Denied<TimeSpan>("collecting kernel events needs an administrator");
        Assert.Contains("No kernel events can be saved: collecting kernel events needs an administrator", _test.Press("S"), StringComparison.Ordinal);
        Assert.Empty(_test.Host.Started);
    }

    [Fact]
    public void Captures_change_nothing_so_they_are_there_when_nothing_may_be_changed()
    {
        using AppUnderTest careful = new(AppUnderTest.Options with { ReadOnly = true });
        careful.Host.Offer = Everything;
        careful.Press("c enter");
        Assert.Single(careful.Host.Started);
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    public void The_chooser_is_as_pinned(int width, int height)
    {
        GoldenScreens.AssertSame($"capture-chooser-{width}x{height}", Overlay(CaptureChoice.Start(Everything), Everything, null, width, height));
        CaptureOffer withoutPprof = Everything with { WhyNoPprof = "no pprof port answers: import net/http/pprof and serve it, or set the target's url" };
        GoldenScreens.AssertSame($"capture-chooser-{width}x{height}-nopprof", Overlay(CaptureChoice.Start(withoutPprof), withoutPprof, Over(), width, height));
        GoldenScreens.AssertSame($"capture-chooser-{width}x{height}-heldback", Overlay(CaptureChoice.Start(Ill) with { Row = 10 }, Ill, Over(), width, height));
        CaptureOffer nothing = new() { WhyNothing = "a live service must be watched: nothing can be captured from a recording" };
        GoldenScreens.AssertSame($"capture-chooser-{width}x{height}-nothing", Overlay(CaptureChoice.Start(nothing), nothing, null, width, height));
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    public void What_comes_of_it_is_as_pinned(int width, int height)
    {
        CaptureChoice choice = CaptureChoice.Start(Everything) with { Face = CaptureFace.Outcome, Row = 2 };
        GoldenScreens.AssertSame($"capture-running-{width}x{height}", Overlay(choice, Everything, Running(), width, height));
        GoldenScreens.AssertSame($"capture-over-{width}x{height}", Overlay(choice, Everything, Over(), width, height));
        GoldenScreens.AssertSame($"capture-over-{width}x{height}-ascii", Overlay(choice, Everything, Over(), width, height, GlyphSet.Ascii));
    }

    private static string Overlay(CaptureChoice choice, CaptureOffer offer, CaptureStatus? status, int width, int height, GlyphSet? glyphs = null)
    {
        Canvas canvas = new(width, height);
        DrawContext context = new(canvas.All, GoldenScreens.Theme, glyphs ?? GlyphSet.Unicode);
        context.Surface.Fill(context.Theme.Text);
        CaptureOverlay.Draw(choice, offer, status, context);
        return canvas.ToString();
    }

    private static CaptureStatus Running() => new(Progress(
        Item("stacks", CaptureState.Done) with { Files = [File("stacks.txt", 204_000), File("stacks.pb.gz", 2300)] },
        Item("heap", CaptureState.Done) with { Files = [File("heap.pb.gz", 31_000)] },
        Item("cpu", CaptureState.Running) with { PlannedSeconds = 5, Seconds = 2.5, Bytes = 1234 },
        Item("trace", CaptureState.Waiting) with { PlannedSeconds = 5 }), IsRunning: true);

    private static CaptureStatus Over() => new(Progress(
        Item("stacks", CaptureState.Done) with { Files = [File("stacks.txt", 204_000), File("stacks.pb.gz", 2300)], Note = "3 moved while they were read and have no stack, or are left out" },
        Item("heap", CaptureState.Done) with { Files = [File("heap.pb.gz", 31_000)] },
        Item("cpu", CaptureState.Failed) with
        {
            Reason = "somebody else is taking a CPU profile of this process, which can make one at a time (asked twice): 500 Internal Server Error for profile?seconds=5: Could not enable CPU profiling: cpu profiling already in use",
        },
        Item("trace", CaptureState.Cancelled) with { Note = "what had come is in part-of-trace.out" }), IsRunning: false);

    private static CaptureProgress Progress(params ImmutableArray<CaptureItem> items) => new("/var/lib/gotop/captures/shop-20261125-170000", items, IsAll: false);

    private static CaptureItem Item(string id, CaptureState state) => new(CaptureCatalog.Find(id)!, state, 0);

    private static CapturedFile File(string name, long bytes) => new(name, bytes, "", null);

    private void Publish(CaptureStatus status)
    {
        _test.Host.Facts = _test.Host.Facts with { Capture = status };
        _test.Screen();
    }
}
