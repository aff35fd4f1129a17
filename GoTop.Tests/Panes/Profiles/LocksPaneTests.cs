using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Locks;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class LocksPaneTests
{
    private readonly LocksPane _pane = new();

    public static TheoryData<int, int> Sizes => new() { { 80, 22 }, { 120, 38 }, { 200, 48 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_view_shows_where_goroutines_wait(int width, int height)
    {
        PaneInput mutexes = Input(width, height);
        Check($"locks-{width}x{height}-mutexes", mutexes);
        Check($"locks-{width}x{height}-mutex", After(mutexes, PaneCommand.Open));
        PaneInput blocking = After(mutexes, PaneCommand.NextView);
        Check($"locks-{width}x{height}-blocking", blocking);
        Check($"locks-{width}x{height}-block", After(blocking, PaneCommand.Open));
        PaneInput waiting = After(blocking, PaneCommand.NextView);
        Check($"locks-{width}x{height}-waiting", waiting);
        Check($"locks-{width}x{height}-wait", After(waiting, PaneCommand.Open));
        Check($"locks-{width}x{height}-no-trace", After(waiting, PaneCommand.NextView));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Where_the_service_has_not_enabled_them_it_says_so_and_shows_what_memory_tells(int width, int height)
    {
        PaneInput input = Input(width, height) with { Observation = ProfileObservations.Of(new ProfileCaptures { Mutex = ProfileObservations.Capture(ProfileKind.Mutex, "trouble/mutex-off", 126, 0) }) };
        Check($"locks-{width}x{height}-not-enabled", input);
        Check($"locks-{width}x{height}-no-profile", After(input, PaneCommand.NextView));
    }

    [Fact]
    public void Idle_waits_are_shown_on_demand() => Check("locks-80x22-all-waits", After(Input(80, 22), PaneCommand.NextView, PaneCommand.NextView, PaneCommand.NextMeasure));

    [Fact]
    public void Without_profiles_and_memory_the_reasons_are_given() => Check("locks-80x22-nothing", Input(80, 22) with { Observation = Observations.Denied });

    [Fact]
    public void What_goroutines_wait_on_is_read_only_while_it_is_shown()
    {
        PaneInput mutexes = Input(80, 22);
        Assert.Equal(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Mutex, ProfileKind.Block) }, _pane.Interest(mutexes));
        Assert.True(_pane.Interest(After(mutexes, PaneCommand.NextView, PaneCommand.NextView)).Waits);
        Assert.True(_pane.Interest(mutexes with { Observation = Observations.Leak }).Waits);
        Assert.True(_pane.Interest(mutexes with { Observation = null }).Waits);
    }

    [Fact]
    public void Rates_are_since_the_mark_while_there_is_one()
    {
        PaneInput input = Input(120, 38);
        Assert.Contains("average of 9s to", GoldenScreens.Draw(_pane, input).ToString(), StringComparison.Ordinal);
        Observation marked = ProfileObservations.Before with
        {
            Now = ProfileObservations.Before.Now with
            {
                Profiles = ProfileObservations.Of(new ProfileCaptures { Mutex = ProfileObservations.Capture(ProfileKind.Mutex, "trouble/mutex-off", 66, 0) }).Now.Profiles,
            },
        };
        Assert.Contains("average of 1m00s to", GoldenScreens.Draw(_pane, input with { Marks = Marks.None.With(marked) }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sort_column_sorts_in_both_directions_and_the_selection_stays_on_its_place()
    {
        for (int view = 0; view < 3; view++)
        {
            PaneInput input = Input(200, 48);
            for (int i = 0; i < view; i++) input = After(input, PaneCommand.NextView);
            input = After(input, PaneCommand.NextMeasure, PaneCommand.Down);
            object? selected = input.State.Selected;
            int columns = _pane.SortColumns(input).Length;
            for (int column = 0; column < columns; column++, input = After(input, PaneCommand.NextSort))
            {
                LocksView normal = _pane.Build(input), inverted = _pane.Build(After(input, PaneCommand.Invert));
                Assert.Equal(column, normal.Table!.SortColumn);
                Assert.NotEqual(normal.Table.Descending, inverted.Table!.Descending);
                Assert.Equal(normal.Table.RowCount, inverted.Table.RowCount);
                Assert.Equal(selected, input.State.Selected);
            }

            Assert.Equal(0, input.State.SortColumn);
        }
    }

    [Fact]
    public void Everything_is_drawn_in_ascii_alone_where_the_terminal_has_no_more()
    {
        PaneInput input = Input(120, 38);
        for (int view = 0; view < 4; view++, input = After(input, PaneCommand.NextView))
        {
            Assert.DoesNotContain(GoldenScreens.Draw(_pane, input, GlyphSet.Ascii).ToString(), letter => letter > '~');
            Assert.DoesNotContain(GoldenScreens.Draw(_pane, After(input, PaneCommand.Open), GlyphSet.Ascii).ToString(), letter => letter > '~');
        }
    }

    private static PaneInput Input(int width, int height) => new(ProfileObservations.Trouble, PaneState.Initial, AppFacts.Empty, width, height);

    private PaneInput After(PaneInput input, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }

    private void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(_pane, input).ToString());
}
