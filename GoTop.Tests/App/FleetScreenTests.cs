using GoTop.Actions;
using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Panes;
using GoTop.Panes.Fleet;
using GoTop.Panes.Picker;
using GoTop.Screen;
using GoTop.Tests.Fleet;
using Xunit;

namespace GoTop.Tests.App;

/// <summary>From the fleet to a target and back.</summary>
public sealed class FleetScreenTests : IDisposable
{
    private readonly FakeHost _host = new() { Facts = AppFacts.Empty with { Fleet = Reading.Of(FleetSample.Fleet) } };
    private readonly Canvas _canvas = new(120, 40);
    private readonly TopApplication _app;

    public FleetScreenTests()
    {
        _app = new TopApplication(
            _host, [new RecordingPane("overview", "Overview"), new FleetPane(), new PickerPane()], AppUnderTest.Options with { StartsWithFleet = true }, ColourDepth.TrueColour, GlyphSet.Unicode);
        Draw();
    }

    public void Dispose() => _app.Dispose();

    [Fact]
    public void The_fleet_is_shown_first_and_read_from_then_on()
    {
        Assert.Equal("fleet", _app.State.Pane);
        Assert.Equal(["watch"], _host.FleetCalls);
        Assert.Contains("10.0.0.13:9100", Draw(), StringComparison.Ordinal);
        // It has no tab: it is about the choice of a target.
        Assert.DoesNotContain(" Fleet ", Draw().Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Enter_watches_a_target_that_can_be_and_esc_leads_back_to_where_one_was()
    {
        Press("j", "k", "enter");
        Assert.Equal(["watch", "open checkout-2"], _host.FleetCalls);
        Assert.Equal("fleet", _app.State.Pane);

        FakeFeed feed = new();
        feed.Publish(AppUnderTest.Tick(1));
        _host.Feed = feed;
        Assert.Contains("overview body", Draw(), StringComparison.Ordinal);
        Assert.Equal("overview", _app.State.Pane);

        Press("esc");
        Assert.Equal("fleet", _app.State.Pane);
        Assert.Equal(new FleetTargetKey("test:checkout-2"), _app.State.PaneStateOf("fleet").Selected);
        Assert.Contains("9 targets", Draw(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_known_by_its_metrics_alone_shows_its_figures_and_their_past()
    {
        Press("j", "enter");
        Assert.Equal(["watch", "show 10.0.1.1:9100", "open 10.0.1.1:9100"], _host.FleetCalls);
        Assert.Contains("its past has been asked for", Draw(), StringComparison.Ordinal);
        _host.Facts = _host.Facts with { FleetDetail = new FleetDetail("test:10.0.1.1:9100", Reading.Of(FleetSample.Past with { Id = "test:10.0.1.1:9100" })) };
        Assert.Contains("the last 1h00m", Draw(), StringComparison.Ordinal);
        Press("esc");
        Assert.Equal("show none", _host.FleetCalls[^1]);
        Assert.Contains("9 targets", Draw(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_was_not_chosen_in_the_fleet_is_not_left_for_it()
    {
        Press("b");
        FakeFeed feed = new();
        feed.Publish(AppUnderTest.Tick(1));
        _host.Feed = feed;
        Draw();
        Press("esc");
        Assert.Equal("overview", _app.State.Pane);
        Press("B");
        Assert.Equal("fleet", _app.State.Pane);
    }

    private void Press(params string[] keys)
    {
        foreach (string text in keys)
        {
            Assert.True(KeyStroke.TryParse(text, out KeyStroke key, out _));
            _app.Key(key);
            Draw();
        }
    }

    private string Draw()
    {
        if (_app.NeedsDraw(120, 40)) _app.Draw(_canvas);
        return _canvas.ToString();
    }
}
