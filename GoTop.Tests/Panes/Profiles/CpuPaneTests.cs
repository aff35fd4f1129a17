using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Cpu;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class CpuPaneTests
{
    private readonly CpuPane _pane = new();

    public static TheoryData<int, int> Sizes => new() { { 80, 22 }, { 120, 38 }, { 200, 48 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Functions_lines_and_the_flame_graph_show_where_the_time_goes(int width, int height)
    {
        PaneInput functions = Input(width, height);
        Check($"cpu-{width}x{height}-functions", functions);
        PaneInput lines = After(functions, PaneCommand.NextView);
        Check($"cpu-{width}x{height}-lines", lines);
        Check($"cpu-{width}x{height}-flame", After(lines, PaneCommand.NextView));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_function_opens_with_its_callers_its_callees_and_its_lines(int width, int height) =>
        Check($"cpu-{width}x{height}-function", After(Filtered(width, height, "render"), PaneCommand.Open));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_flame_graph_zooms_and_searches(int width, int height)
    {
        PaneInput flame = After(Input(width, height), PaneCommand.NextView, PaneCommand.NextView);
        PaneInput zoomed = After(flame, PaneCommand.Down, PaneCommand.Down, PaneCommand.Down, PaneCommand.Open);
        Check($"cpu-{width}x{height}-flame-zoomed", zoomed);
        Check($"cpu-{width}x{height}-flame-searched", flame with { State = flame.State with { Filter = "malloc" } });
        Assert.Equal(flame.State.View, After(zoomed, PaneCommand.Back).State.View);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Against_a_mark_the_change_comes_first(int width, int height)
    {
        PaneInput marked = Input(width, height) with { Marks = Marks.None.With(ProfileObservations.Before) };
        Check($"cpu-{width}x{height}-compared", marked);
        Check($"cpu-{width}x{height}-compared-flame", After(marked, PaneCommand.NextView, PaneCommand.NextView, PaneCommand.End));
    }

    [Fact]
    public void The_runtime_can_be_left_out()
    {
        PaneInput input = After(Input(80, 22), PaneCommand.HideRuntime);
        Check("cpu-80x22-without-runtime", input);
        Check("cpu-80x22-flame-without-runtime", After(input, PaneCommand.NextView, PaneCommand.NextView));
    }

    [Fact]
    public void It_says_why_there_is_no_profile_and_what_would_help()
    {
        Check("cpu-80x22-not-supported", Input(80, 22) with { Observation = ProfileObservations.Where(_ => Reading.NotSupported<ProfileCapture>("no port answers /debug/pprof/")) });
        Observation none = ProfileObservations.Where(_ => Reading.NotYet<ProfileCapture>());
        Check("cpu-80x22-held-back", Input(80, 22) with { Observation = none.With(new DearRequests { HeldBack = "GC uses 41 % of its CPU (more than 25 %)" }) });
        Check("cpu-80x22-running", Input(80, 22) with { Observation = none.With(new DearRequests { Running = "CPU profile of 2 s", RunningSeconds = 1.24, PlannedSeconds = 2 }) });
        Check("cpu-80x22-broken", Input(80, 22) with { Observation = ProfileObservations.Of(new ProfileCaptures { Cpu = Reading.Of(new ProfileCapture { Kind = ProfileKind.Cpu, TakenAt = Observations.Start, ReadAtNanoseconds = 1, Seconds = 2, TookMilliseconds = 1, CostToTarget = "", Content = [0x1f, 0x8b, 8, 0, 1, 2] }) }) });
    }

    [Fact]
    public void What_is_old_or_held_back_is_said_beside_the_last_profile()
    {
        Check("cpu-80x22-stale", Input(80, 22) with { Observation = ProfileObservations.Where(capture => capture.AsStale("connection refused")) });
        Check("cpu-120x38-next-held-back", Input(120, 38) with { Observation = ProfileObservations.Trouble.With(new DearRequests { HeldBack = "GC uses 41 % of its CPU (more than 25 %)" }) });
    }

    [Fact]
    public void Everything_is_drawn_in_ascii_alone_where_the_terminal_has_no_more()
    {
        PaneInput input = Input(80, 22) with { Marks = Marks.None.With(ProfileObservations.Before) };
        for (int view = 0; view < 3; view++, input = After(input, PaneCommand.NextView))
        {
            string screen = GoldenScreens.Draw(_pane, input, GlyphSet.Ascii).ToString();
            Assert.DoesNotContain(screen, letter => letter > '~');
            if (view == 2) GoldenScreens.AssertSame("cpu-80x22-compared-flame-ascii", screen);
        }
    }

    private static PaneInput Input(int width, int height) => new(ProfileObservations.Trouble, PaneState.Initial, AppFacts.Empty, width, height);

    private static PaneInput Filtered(int width, int height, string filter)
    {
        PaneInput input = Input(width, height);
        return input with { State = input.State with { Filter = filter } };
    }

    private PaneInput After(PaneInput input, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }

    private void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(_pane, input).ToString());
}
