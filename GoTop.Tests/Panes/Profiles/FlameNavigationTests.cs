using GoTop.Panes;
using GoTop.Panes.Profiles;
using GoTop.Tests.Support;
using GoTop.Widgets.Flame;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class FlameNavigationTests
{
    private const int Width = 100, Rows = 3;

    private static readonly SmallFlameTree Tree = new("main;serve;json;malloc 50", "main;serve;json 12", "main;serve;sha 8", "main;serve 6", "gc;scan 20", "a 2", "b 1", "tiny 0", "c 1");

    [Fact]
    public void Arrows_go_to_caller_heaviest_callee_and_neighbours()
    {
        PaneState state = PaneState.Initial;
        Assert.Equal("", Name(state));
        Assert.Equal("serve", Name(state = After(state, PaneCommand.Down, PaneCommand.Down)));
        Assert.Equal("json", Name(state = After(state, PaneCommand.Down)));
        Assert.Equal("sha", Name(state = After(state, PaneCommand.Right)));
        Assert.Equal("sha", Name(After(state, PaneCommand.Right)));
        Assert.Equal("json", Name(After(state, PaneCommand.Left)));
        Assert.Equal("gc", Name(After(state, PaneCommand.Up, PaneCommand.Up, PaneCommand.Right)));
        Assert.Equal("main", Name(After(PaneState.Initial, PaneCommand.Down, PaneCommand.Right, PaneCommand.Left)));
        Assert.Equal("malloc", Name(After(PaneState.Initial, PaneCommand.End)));
        Assert.Null(After(state, PaneCommand.Home).Selected);
        Assert.Equal("malloc", Name(After(PaneState.Initial, PaneCommand.PageDown, PaneCommand.PageDown)));
    }

    [Fact]
    public void The_window_follows_the_selection()
    {
        PaneState bottom = After(PaneState.Initial, PaneCommand.End);
        Assert.Equal(2, bottom.Top);
        Assert.Equal(2, After(bottom, PaneCommand.Up).Top);
        Assert.Equal(0, After(bottom, PaneCommand.Home).Top);
        Assert.Equal(1, After(bottom, PaneCommand.Up, PaneCommand.Up, PaneCommand.Up).Top);
    }

    [Fact]
    public void Enter_zooms_and_what_was_zoomed_to_is_found_in_the_next_profile()
    {
        PaneState serve = After(PaneState.Initial, PaneCommand.Down, PaneCommand.Down), zoomed = After(serve, PaneCommand.Open);
        Assert.Equal("serve", Tree.NameOf(FlameNavigation.Zoomed(zoomed, Tree, out bool found)));
        Assert.True(found);
        Assert.Same(zoomed, After(zoomed, PaneCommand.Open));
        Assert.Equal(serve, ListNavigation.Close(zoomed));

        SmallFlameTree later = new("x 1", "main;serve;other 9");
        Assert.Equal("serve", later.NameOf(FlameNavigation.Zoomed(zoomed, later, out _)));
        SmallFlameTree without = new("x 1", "main;y 9");
        Assert.Equal("main", without.NameOf(FlameNavigation.Zoomed(zoomed, without, out found)));
        Assert.False(found);
    }

    [Fact]
    public void An_empty_profile_has_nothing_to_move_to()
    {
        SmallFlameTree empty = new();
        FlameLayout layout = FlameLayout.Of(empty, 0, Width);
        foreach (PaneCommand command in Enum.GetValues<PaneCommand>())
            Assert.Same(PaneState.Initial, FlameNavigation.Handle(PaneState.Initial, command, empty, layout, Rows));
    }

    private static PaneState After(PaneState state, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands)
            state = FlameNavigation.Handle(state, command, Tree, FlameLayout.Of(Tree, FlameNavigation.Zoomed(state, Tree, out _), Width), Rows);
        return state;
    }

    private static string? Name(PaneState state) => state.Selected is FlamePath path ? path.Name : "";
}
