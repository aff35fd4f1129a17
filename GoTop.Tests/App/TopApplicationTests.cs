using System.Collections.Immutable;
using GoTop.App;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Picker;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App;

public sealed class TopApplicationTests
{
    [Fact]
    public void The_screen_has_vital_signs_tabs_the_pane_and_the_keys()
    {
        using AppUnderTest test = new();
        string[] lines = test.Screen().Split('\n');
        Assert.Contains(Observations.Healthy.Now.Target.Name, lines[0], StringComparison.Ordinal);
        Assert.StartsWith(" 1 Overview   2 Goroutines", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("overview body 120x37 tick 1", lines[2], StringComparison.Ordinal);
        Assert.Contains(" ?  help", lines[39], StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_and_tab_turn_to_panes()
    {
        using AppUnderTest test = new();
        Assert.Contains("goroutines body", test.Press("2"), StringComparison.Ordinal);
        Assert.Contains("overview body", test.Press("tab"), StringComparison.Ordinal);
        Assert.Contains("goroutines body", test.Press("shift-tab"), StringComparison.Ordinal);
        Assert.Contains("goroutines body", test.Press("9"), StringComparison.Ordinal);
        Assert.Contains("picker body", test.Press("b"), StringComparison.Ordinal);
        Assert.Contains("overview body", test.Press("tab"), StringComparison.Ordinal);
    }

    [Fact]
    public void Moving_keys_become_commands_of_the_pane_shown()
    {
        using AppUnderTest test = new();
        test.Press("j down k pgup pgdn g G h l enter s I v F");
        Assert.Equal(
            [
                PaneCommand.Down, PaneCommand.Down, PaneCommand.Up, PaneCommand.PageUp, PaneCommand.PageDown, PaneCommand.Home, PaneCommand.End,
                PaneCommand.Left, PaneCommand.Right, PaneCommand.Open, PaneCommand.NextSort, PaneCommand.Invert, PaneCommand.NextView, PaneCommand.Follow,
            ],
            test.Overview.Commands);
        Assert.Contains("top 2", test.Screen(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_drawn_unless_something_has_changed()
    {
        using AppUnderTest test = new();
        test.Screen();
        Assert.False(test.App.NeedsDraw(120, 40));
        test.Publish(2);
        Assert.True(test.App.NeedsDraw(120, 40));
        Assert.False(test.App.NeedsDraw(120, 40));
        Assert.True(test.App.NeedsDraw(100, 30) || test.App.NeedsDraw(100, 30));
        test.Press("j");
        test.Host.Say("done");
        Assert.True(test.App.NeedsDraw(120, 40));
    }

    [Fact]
    public void Publishing_wakes_the_screen()
    {
        using AppUnderTest test = new();
        int woken = 0;
        test.App.Woken += () => woken++;
        test.Publish(2);
        test.Host.Say("x");
        Assert.Equal(2, woken);
    }

    [Fact]
    public void Paused_the_screen_stands_still_and_steps_through_what_was()
    {
        using AppUnderTest test = new();
        for (int tick = 2; tick <= 5; tick++) test.Publish(tick);
        Assert.Contains("tick 5", test.Press("space"), StringComparison.Ordinal);
        Assert.True(test.Feed.Held);
        test.Publish(6);
        Assert.Contains("tick 5", test.Screen(), StringComparison.Ordinal);
        Assert.Contains("tick 3", test.Press(", ,"), StringComparison.Ordinal);
        Assert.Contains("tick 4", test.Press("."), StringComparison.Ordinal);
        Assert.Contains("tick 1", test.Press("<"), StringComparison.Ordinal);
        Assert.Contains("Nothing older is kept", test.Press(","), StringComparison.Ordinal);
        Assert.Contains("tick 6", test.Press("space"), StringComparison.Ordinal);
        Assert.False(test.Feed.Held);
    }

    [Fact]
    public void Moments_are_marked_and_handed_to_the_pane_until_they_are_removed()
    {
        using AppUnderTest test = new();
        test.Publish(2);
        Assert.Contains("m again marks a second one", test.Press("m"), StringComparison.Ordinal);
        Assert.Equal(2, test.Overview.Marks.First!.Tick);
        Assert.Contains("MARK 0.0s", test.Screen(), StringComparison.Ordinal);
        Assert.Contains("marked already", test.Press("m"), StringComparison.Ordinal);
        test.Publish(5);
        test.Press("m");
        Assert.Equal((2, 5), (test.Overview.Marks.First!.Tick, test.Overview.Marks.Second!.Tick));
        test.Press(", m");
        Assert.Equal(2, test.Overview.Marks.First!.Tick);
        Assert.Null(test.Overview.Marks.Second);
        Assert.Contains("Nothing is marked any more", test.Press("u"), StringComparison.Ordinal);
        Assert.False(test.Overview.Marks.Any);
        test.Press("m");
        test.Host.Feed = new FakeFeed();
        test.Screen();
        Assert.False(test.App.State.Marks.Any);
    }

    [Fact]
    public void Leaks_are_asked_for_with_a_number_that_only_rises()
    {
        using AppUnderTest test = new();
        test.Press(":");
        test.Type("ask-for-leaks");
        test.Press("enter");
        Assert.Equal(1, test.Feed.Interest.LeakRequest);
        test.Press("2");
        Assert.Equal(1, test.Feed.Interest.LeakRequest);
        test.Press(":");
        test.Type("ask-for-leaks-anyway");
        Assert.Contains("Ask all the same?", test.Press("enter"), StringComparison.Ordinal);
        test.Press("y");
        Assert.Equal((2, true), (test.Feed.Interest.LeakRequest, test.Feed.Interest.Force));
    }

    [Fact]
    public void The_first_moment_with_goroutines_is_kept_for_comparing()
    {
        using AppUnderTest test = new();
        test.Screen();
        Assert.Equal(1, test.App.State.First!.Tick);
        test.Publish(5);
        test.Screen();
        Assert.Equal(1, test.App.State.First!.Tick);
        Assert.False(test.App.State.First.Now.Facts.Goroutines.HasValue);
        FakeFeed other = new();
        test.Host.Feed = other;
        test.Screen();
        Assert.Null(test.App.State.First);
        other.Publish(AppUnderTest.Tick(9));
        test.Screen();
        Assert.Equal(9, test.App.State.First!.Tick);
    }

    [Fact]
    public void A_time_typed_in_the_palette_is_gone_to()
    {
        using AppUnderTest test = new();
        for (int tick = 2; tick <= 40; tick++) test.Publish(tick);
        test.Press(":");
        test.Type("at 10s ago");
        Assert.Contains("tick 30", test.Press("enter"), StringComparison.Ordinal);
        test.Press(":");
        test.Type("at 09:26:12");
        Assert.Contains("tick 12", test.Press("enter"), StringComparison.Ordinal);
        test.Press(":");
        test.Type("at noon");
        Assert.Contains("\"noon\" is not a time", test.Press("enter"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_filter_follows_typing_and_escape_brings_the_old_one_back()
    {
        using AppUnderTest test = new();
        test.Press("/");
        Assert.Contains("filter [a q]", test.Type("a q"), StringComparison.Ordinal);
        Assert.Contains("filter [a ]", test.Press("backspace"), StringComparison.Ordinal);
        Assert.Contains("filter [a ]", test.Press("enter"), StringComparison.Ordinal);
        test.Press("/");
        test.Type("zzz");
        Assert.Contains("filter [a ]", test.Press("esc"), StringComparison.Ordinal);
        Assert.Contains("filter []", test.Press("esc"), StringComparison.Ordinal);
        Assert.False(test.App.HasEnded);
    }

    [Fact]
    public void Pasted_text_is_typed_where_one_types_and_never_acts_as_keys()
    {
        using AppUnderTest test = new();
        test.App.Paste("q");
        Assert.False(test.App.HasEnded);
        test.Press("/");
        test.App.Paste("a\nb\u001b[31m");
        Assert.Contains("filter [a b]", test.Screen(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_palette_finds_panes_and_actions_by_a_few_letters()
    {
        using AppUnderTest test = new();
        test.Press(":");
        Assert.Contains("Go to Goroutines", test.Type("gor"), StringComparison.Ordinal);
        Assert.Contains("goroutines body", test.Press("enter"), StringComparison.Ordinal);
        test.Press(":");
        test.Type("zzzz");
        Assert.Contains("nothing is called so", test.Screen(), StringComparison.Ordinal);
        test.Press("esc :");
        test.Type("quit");
        test.Press("enter");
        Assert.True(test.App.HasEnded);
    }

    [Fact]
    public void The_palette_leads_to_the_views_of_panes_and_V_to_the_one_before()
    {
        using AppUnderTest test = new();
        test.Goroutines.Views = ["groups", "goroutines", "waits"];
        test.Press(":");
        Assert.Contains("Go to Goroutines: waits", test.Type("waits"), StringComparison.Ordinal);
        test.Press("enter");
        Assert.Equal(("goroutines", 2), (test.App.State.Pane, test.App.State.PaneStateOf("goroutines").View));
        test.Press("V");
        Assert.Equal(1, test.App.State.PaneStateOf("goroutines").View);
        test.Press("v v");
        Assert.Equal(0, test.App.State.PaneStateOf("goroutines").View);
        test.Press("V");
        Assert.Equal(2, test.App.State.PaneStateOf("goroutines").View);
        Assert.DoesNotContain("Go to Goroutines: waits", test.Press(":"), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_action_and_any_other_key_closes_it()
    {
        using AppUnderTest test = new();
        string help = test.Press("?");
        Assert.Contains("Sort by the next column", help, StringComparison.Ordinal);
        Assert.Contains("ctrl-c", help, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort by the next column", test.Press("q"), StringComparison.Ordinal);
        Assert.False(test.App.HasEnded);
        test.Press("q");
        Assert.True(test.App.HasEnded);
    }

    [Fact]
    public void Help_scrolls_where_it_does_not_fit()
    {
        using AppUnderTest test = new();
        test.Press("?");
        Assert.DoesNotContain("ctrl-c", test.Screen(80, 24), StringComparison.Ordinal);
        test.Press("pgdn pgdn pgdn pgdn pgdn");
        Assert.Contains("ctrl-c", test.Screen(80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void Maximised_the_pane_has_all_but_the_bottom_line()
    {
        using AppUnderTest test = new();
        Assert.StartsWith("overview body 120x39", test.Press("e"), StringComparison.Ordinal);
        Assert.Contains("overview body 120x37", test.Press("esc"), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_small_a_terminal_is_told_and_waited_for()
    {
        using AppUnderTest test = new();
        Assert.Contains("GoTop needs 80×24, this is 79×24", test.Screen(79, 24), StringComparison.Ordinal);
        Assert.Contains("this is 5", test.Screen(50, 1), StringComparison.Ordinal);
        test.Screen(1, 1);
        Assert.Contains("overview body 80x21", test.Screen(80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void The_feed_learns_what_the_pane_wants_to_see()
    {
        using AppUnderTest test = new();
        test.Goroutines.Wanted = new Interest { AllStacks = true };
        test.Press("2");
        Assert.True(test.Feed.Interest.AllStacks);
        test.Press("1");
        Assert.False(test.Feed.Interest.AllStacks);
    }

    [Fact]
    public void A_pane_that_fails_says_so_and_leaves_the_others_alone()
    {
        using AppUnderTest test = new();
        test.Overview.Fails = true;
        test.Press("ctrl-l");
        Assert.Contains("The pane overview failed: no such thing", test.Screen(), StringComparison.Ordinal);
        Assert.Contains("goroutines body", test.Press("2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_target_the_picker_is_shown_and_enter_opens_a_process()
    {
        FakeHost host = new()
        {
            Facts = AppFacts.Empty with { Processes = Reading.Of<ImmutableArray<GoProcess>>([new GoProcess(Observations.OrderApi, [])]) },
        };
        RecordingPane overview = new("overview", "Overview");
        using TopApplication app = new(host, [overview, new PickerPane()], AppUnderTest.Options, ColourDepth.TrueColour, GlyphSet.Unicode);
        Canvas canvas = new(120, 40);
        app.Draw(canvas);
        Assert.Contains("order-api", canvas.ToString(), StringComparison.Ordinal);
        app.Key(GoTop.Actions.KeyStroke.Named("enter"));
        Assert.Equal([Observations.OrderApi], host.Opened);

        FakeFeed feed = new();
        feed.Publish(AppUnderTest.Tick(1));
        host.Feed = feed;
        Assert.True(app.NeedsDraw(120, 40));
        Assert.Equal("overview", app.State.Pane);
    }

    [Fact]
    public void A_message_stands_until_the_next_key()
    {
        using AppUnderTest test = new();
        test.Host.Say("capture written to /tmp/x\u001b[2J");
        Assert.Contains("capture written to /tmp/x", test.Screen(), StringComparison.Ordinal);
        Assert.DoesNotContain("capture written", test.Press("j"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_colours_no_cell_has_one()
    {
        using AppUnderTest test = new(colours: ColourDepth.None);
        Canvas canvas = new(120, 40);
        test.App.Draw(canvas);
        for (int y = 0; y < 40; y++)
        {
            foreach (CanvasCell cell in canvas.Row(y).ToArray()) Assert.True(cell.Style.Foreground.IsDefault && cell.Style.Background.IsDefault);
        }

        Assert.Contains(Enumerable.Range(0, 120), x => (canvas[x, 1].Style.Emphasis & Emphasis.Reverse) != 0);
    }

    [Fact]
    public void The_mouse_turns_panes_and_scrolls()
    {
        using AppUnderTest test = new();
        test.Screen();
        test.App.Mouse(MouseGesture.Click, 17, 1);
        Assert.Contains("goroutines body", test.Screen(), StringComparison.Ordinal);
        test.App.Mouse(MouseGesture.WheelDown, 17, 10);
        Assert.Equal(3, test.Goroutines.Commands.Count(command => command == PaneCommand.Down));
    }

    [Fact]
    public void Problems_of_configured_keys_are_told()
    {
        ScreenOptions options = AppUnderTest.Options with { Keys = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("quit", ["hyper-q"]) };
        using AppUnderTest test = new(options);
        Assert.Contains("\"hyper-q\" is not a key", test.Screen(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_changed_brings_its_keys_at_once()
    {
        using AppUnderTest test = new();
        test.Host.NewOptions = AppUnderTest.Options with { Keys = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("quit", ["X"]) };
        test.Press("q");
        Assert.False(test.App.HasEnded);
        test.Press("X");
        Assert.True(test.App.HasEnded);
    }

    [Fact]
    public void Going_to_the_processes_looks_for_them()
    {
        using AppUnderTest test = new();
        int before = test.Host.Refreshed;
        test.Press("b");
        Assert.Equal(before + 1, test.Host.Refreshed);
    }
}
