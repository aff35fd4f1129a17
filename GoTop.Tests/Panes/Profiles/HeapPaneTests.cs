using GoTop.Engine.Model;
using GoTop.Panes;
using GoTop.Panes.Heap;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class HeapPaneTests
{
    private readonly HeapPane _pane = new();

    public static TheoryData<int, int> Sizes => new() { { 80, 22 }, { 120, 38 }, { 200, 48 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_is_in_use_is_shown_by_where_it_was_allocated(int width, int height)
    {
        PaneInput functions = Input(width, height);
        Check($"heap-{width}x{height}-functions", functions);
        Check($"heap-{width}x{height}-lines", After(functions, PaneCommand.NextView));
        Check($"heap-{width}x{height}-flame", After(functions, PaneCommand.NextView, PaneCommand.NextView));
        Check($"heap-{width}x{height}-function", After(functions, PaneCommand.Open));
    }

    [Theory]
    [InlineData(1, "objects-in-use")]
    [InlineData(2, "bytes-allocated")]
    [InlineData(3, "objects-allocated")]
    public void Every_value_of_the_profile_can_be_shown(int times, string name)
    {
        PaneInput input = Input(80, 22);
        for (int i = 0; i < times; i++) input = After(input, PaneCommand.NextMeasure);
        Check($"heap-80x22-{name}", input);
        Assert.Equal(PaneState.Initial, After(input, [.. Enumerable.Repeat(PaneCommand.NextMeasure, 4 - times)]).State);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Against_a_mark_the_growth_comes_first(int width, int height)
    {
        PaneInput marked = Input(width, height) with { Marks = Marks.None.With(ProfileObservations.Before) };
        Check($"heap-{width}x{height}-compared", marked);
        Check($"heap-{width}x{height}-compared-flame", After(marked, PaneCommand.NextView, PaneCommand.NextView, PaneCommand.Down));
    }

    [Fact]
    public void Without_a_second_profile_nothing_is_said_of_growth() =>
        Check("heap-80x22-first", Input(80, 22) with { Observation = ProfileObservations.Before });

    [Fact]
    public void A_mark_without_a_profile_is_said_to_be_one() =>
        Check("heap-80x22-mark-without-profile", Input(80, 22) with { Marks = Marks.None.With(Observations.LeakJustAttached) });

    [Fact]
    public void It_says_why_there_is_no_profile() =>
        Check("heap-80x22-denied-profile", Input(80, 22) with { Observation = ProfileObservations.Where(_ => Reading.Denied<ProfileCapture>("401 Unauthorized: set the target's user and password, or its token")) });

    [Fact]
    public void Everything_is_drawn_in_ascii_alone_where_the_terminal_has_no_more()
    {
        PaneInput input = Input(80, 22);
        for (int view = 0; view < 3; view++, input = After(input, PaneCommand.NextView))
            Assert.DoesNotContain(GoldenScreens.Draw(_pane, input, GlyphSet.Ascii).ToString(), letter => letter > '~');
    }

    private static PaneInput Input(int width, int height) => new(ProfileObservations.Trouble, PaneState.Initial, AppFacts.Empty, width, height);

    private PaneInput After(PaneInput input, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }

    private void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(_pane, input).ToString());
}
