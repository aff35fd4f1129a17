using System.Drawing;
using GoTop.Screen;
using GoTop.Tests.App;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;
using Xunit;

namespace GoTop.Tests.Screen;

/// <summary>The application inside Terminal.Gui without a terminal: keys go through its parser, frames come out of ours.</summary>
public sealed class RootViewTests : IDisposable
{
    private readonly AppUnderTest _test = new();
    private readonly IApplication _application;
    private readonly RootView _root;
    private readonly List<string> _sent = [];
    private readonly SessionToken? _session;

    public RootViewTests()
    {
        _application = Application.Create(new VirtualTimeProvider());
        _application.Init(DriverRegistry.Names.ANSI);
        _application.Driver!.SetScreenSize(120, 40);
        _root = new RootView(_test.App, new AnsiFrameWriter(ColourDepth.TrueColour, unicode: true), frame => _sent.Add(frame.ToString()));
        _session = _application.Begin(_root);
    }

    [Fact]
    public void The_first_frame_is_one_write_after_the_title()
    {
        Assert.Equal(2, _sent.Count);
        Assert.StartsWith("\e]2;GoTop: ", _sent[0], StringComparison.Ordinal);
        Assert.Contains("overview body 120x37", _sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_news_nothing_is_sent_and_a_tick_sends_little()
    {
        _sent.Clear();
        Turn();
        Assert.Empty(_sent);
        _test.Publish(2);
        Turn();
        Assert.InRange(Assert.Single(_sent).Length, 1, 200);
    }

    [Fact]
    public void Keys_reach_the_actions_through_the_parser()
    {
        foreach (Key key in new[] { Key.CursorDown, new Key('j'), Key.PageDown, Key.Home })
            _application.GetInputInjector().InjectKey(key, new InputInjectionOptions { Mode = InputInjectionMode.Pipeline });
        Assert.Equal([GoTop.Panes.PaneCommand.Down, GoTop.Panes.PaneCommand.Down, GoTop.Panes.PaneCommand.PageDown, GoTop.Panes.PaneCommand.Home], _test.Overview.Commands);
    }

    [Theory]
    [InlineData(KeyCode.Q)]
    [InlineData(KeyCode.C | KeyCode.CtrlMask)]
    [InlineData(KeyCode.F10)]
    public void Quitting_keys_quit(KeyCode code)
    {
        _application.InjectKey(new Key(code));
        Assert.True(_test.App.HasEnded);
    }

    [Fact]
    public void Escape_does_not_quit()
    {
        _application.InjectKey(Key.Esc);
        Assert.False(_test.App.HasEnded);
        Assert.False(_root.StopRequested);
    }

    [Fact]
    public void Ctrl_z_asks_to_be_suspended()
    {
        bool suspended = false;
        _root.Suspending += () => suspended = true;
        _application.InjectKey(Key.Z.WithCtrl);
        Assert.True(suspended);
    }

    [Fact]
    public void Another_size_paints_the_whole_screen()
    {
        _sent.Clear();
        _application.Driver!.SetScreenSize(100, 30);
        Turn();
        Assert.Contains("\e[2J", Assert.Single(_sent), StringComparison.Ordinal);
        Assert.Contains("overview body 100x27", _sent[0], StringComparison.Ordinal);
        _sent.Clear();
        _application.Driver!.SetScreenSize(60, 20);
        Turn();
        Assert.Contains("GoTop needs 80×24, this is 60×20", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public void A_click_on_a_tab_shows_its_pane()
    {
        _application.InjectSequence(InputInjectionExtensions.LeftButtonClick(new Point(17, 1)));
        Assert.Equal("goroutines", _test.App.State.Pane);
    }

    [Fact]
    public void Redraw_sends_everything_once_more()
    {
        _sent.Clear();
        _application.InjectKey(new Key(KeyCode.L | KeyCode.CtrlMask));
        Turn();
        Assert.Contains(_sent, frame => frame.Contains("\e[2J", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (_session is not null) _application.End(_session);
        _root.Dispose();
        _application.Dispose();
        _test.Dispose();
    }

    private void Turn()
    {
        _root.Refresh();
        _application.LayoutAndDraw();
    }
}
