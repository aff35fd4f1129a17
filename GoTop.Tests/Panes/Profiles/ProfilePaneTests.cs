using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Cpu;
using GoTop.Panes.Heap;
using GoTop.Panes.Profiles;
using GoTop.Tests.Support;
using GoTop.Widgets;
using GoTop.Widgets.Flame;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class ProfilePaneTests
{
    private readonly CpuPane _pane = new();

    [Fact]
    public void The_own_code_that_the_time_is_spent_for_is_named_with_its_line()
    {
        ProfilePaneView view = _pane.Build(Input());
        Assert.StartsWith("Own code: main.(*reports).render (main.go:82) 65.5%; GC marking 8.6%; allocating 14.4% (GC assist 2.2%); then main.makeEntries (main.go:75) 21.6%", view.Head.Verdict, StringComparison.Ordinal);
        Assert.Equal("CPU 0.46 cores", view.Head.Title);
        Assert.Equal(", 139 samples, 46.3% CPU", view.Head.Status);
    }

    [Fact]
    public void Flat_and_cumulative_values_are_those_of_go_tool_pprof()
    {
        TableView table = _pane.Build(Input()).Table!;
        // go tool pprof -top of the same file.
        Assert.Equal(["120 ms", "8.6%", "120 ms", "8.6%", "internal/strconv.formatBase10"], Cells(table, 0));
        Assert.Equal(["110 ms", "7.9%", "870 ms", "62.6%", "encoding/json/v2.makePointerArshaler.func2"], Cells(table, 1));
    }

    [Fact]
    public void What_was_added_since_the_mark_is_by_the_second_of_each_window()
    {
        PaneInput marked = Input() with { Marks = Marks.None.With(ProfileObservations.Before) };
        ProfilePaneView view = _pane.Build(marked);
        Assert.Equal("CPU 0.46 cores (was 0.09)", view.Head.Title);
        Assert.Equal("against 30s before", view.Head.Aside);
        TableView table = view.Table!;
        // 120 ms in 3.0 s, and not in the profile of before.
        Assert.Equal(["+40.0 ms/s", "+40.0 ms/s", "40.0 ms/s"], Cells(table, 0)[..3]);
        PaneInput shrunk = After(marked, PaneCommand.Invert);
        Assert.StartsWith("-", Cells(_pane.Build(shrunk).Table!, 0)[0], StringComparison.Ordinal);
        Assert.Contains(Enumerable.Range(0, table.RowCount), row => Cells(table, row)[2] == "0 ns/s");
    }

    [Fact]
    public void The_selection_stays_on_its_function_when_another_profile_comes()
    {
        PaneInput input = Select(Input(), "main.(*reports).render");
        TableView later = _pane.Build(input with { Observation = ProfileObservations.Before }).Table!;
        Assert.Equal("main.(*reports).render", Cells(later, later.Selected)[4]);
        Assert.InRange(later.Selected, later.Top, later.Top + 20);
    }

    [Fact]
    public void The_selected_function_is_selected_in_the_next_view_too()
    {
        PaneInput functions = Select(Input(), "encoding/json.Marshal"), lines = After(functions, PaneCommand.NextView);
        TableView table = _pane.Build(lines).Table!;
        Assert.Equal("encoding/json.Marshal", Cells(table, table.Selected)[4]);
        PaneInput flame = After(lines, PaneCommand.NextView);
        FlameView graph = _pane.Build(flame).Flame!;
        Assert.Equal("encoding/json.Marshal", graph.Tree.NameOf(graph.Selected));
        Assert.Equal(functions.State.Selected, After(flame, PaneCommand.NextView).State.Selected);
    }

    [Fact]
    public void Opening_goes_from_function_to_function_and_back()
    {
        PaneInput input = Select(Input(), "main.(*reports).render"), page = After(input, PaneCommand.Open);
        Assert.Contains("main.(*reports).render: 1.2 s, 87.1% of all; nothing itself", _pane.Build(page).Head.Verdict, StringComparison.Ordinal);
        PaneInput caller = After(page, PaneCommand.Open);
        Assert.Contains("main.(*reports).loop", _pane.Build(caller).Head.Verdict, StringComparison.Ordinal);
        Assert.Equal(page.State, After(caller, PaneCommand.Back).State);
        Assert.Equal(input.State, After(caller, PaneCommand.Back, PaneCommand.Back).State);
        // The lines lead nowhere.
        PaneInput line = After(page, PaneCommand.End);
        Assert.Same(line.State, After(line, PaneCommand.Open).State);
    }

    [Fact]
    public void Moving_through_an_open_function_passes_over_headings()
    {
        PaneInput page = After(Select(Input(), "main.(*reports).render"), PaneCommand.Open);
        List<string> seen = [];
        for (int i = 0; i < 8; i++, page = After(page, PaneCommand.Down)) seen.Add(Selected(page));
        Assert.Equal(["main.(*reports).loop", "encoding/json.Marshal", "main.makeEntries", "runtime.convTslice", "main.(*reports).render"], seen.Distinct());
        for (int i = 0; i < 8; i++) page = After(page, PaneCommand.Up);
        Assert.Equal("main.(*reports).loop", Selected(page));
        Assert.Equal("main.(*reports).render", Selected(After(page, PaneCommand.PageDown)));
        Assert.Equal("main.(*reports).loop", Selected(After(page, PaneCommand.End, PaneCommand.Home)));

        string Selected(PaneInput input)
        {
            TableView table = _pane.Build(input).Table!;
            return table.Cell(table.Selected, 4).Text;
        }
    }

    [Fact]
    public void What_is_searched_for_is_counted_once_however_often_it_is_in_a_stack()
    {
        PaneInput flame = After(Input(), PaneCommand.NextView, PaneCommand.NextView);
        // Everything below json.Marshal matches as well; together it is as much as json.Marshal.
        Assert.Contains("64.7% of all together: encoding/json", _pane.Build(flame with { State = flame.State with { Filter = "encoding/json" } }).Head.Aside, StringComparison.Ordinal);
        Assert.Contains("0 frames, 0.0% of all together: nowhere", _pane.Build(flame with { State = flame.State with { Filter = "nowhere" } }).Head.Aside, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_runtime_what_it_costs_is_its_callers()
    {
        PaneInput hidden = After(Input(), PaneCommand.HideRuntime);
        TableView table = _pane.Build(hidden).Table!;
        Assert.Equal(["220 ms", "15.8%", "300 ms", "21.6%", "main.makeEntries"], Cells(table, 0));
        Assert.Equal(PaneState.Initial, After(hidden, PaneCommand.HideRuntime).State);
        // What is shown of everything outlasts the level in which it was asked for.
        Assert.True(After(Input(), PaneCommand.Open, PaneCommand.HideRuntime, PaneCommand.Back).State.HidesRuntime);
    }

    [Fact]
    public void Enter_on_what_is_zoomed_to_opens_the_function()
    {
        PaneInput flame = After(Input(), PaneCommand.NextView, PaneCommand.NextView, PaneCommand.Down, PaneCommand.Open);
        Assert.Equal("main.(*reports).loop", _pane.Build(flame).Flame!.Tree.NameOf(_pane.Build(flame).Flame!.Layout.Rows[0][0].Node));
        PaneInput page = After(flame, PaneCommand.Open);
        Assert.Null(_pane.Build(page).Flame);
        Assert.Contains("main.(*reports).loop: 1.2 s", _pane.Build(page).Head.Verdict, StringComparison.Ordinal);
        Assert.NotNull(_pane.Build(After(page, PaneCommand.Back)).Flame);
    }

    [Fact]
    public void Every_sort_column_sorts_in_both_directions()
    {
        foreach (Marks marks in new[] { Marks.None, Marks.None.With(ProfileObservations.Before) })
        {
            for (int view = 0; view < 2; view++)
            {
                PaneInput input = Input(200, 48) with { Marks = marks };
                if (view > 0) input = After(input, PaneCommand.NextView);
                int columns = _pane.SortColumns(input).Length;
                for (int column = 0; column < columns; column++, input = After(input, PaneCommand.NextSort))
                {
                    TableView normal = _pane.Build(input).Table!, inverted = _pane.Build(After(input, PaneCommand.Invert)).Table!;
                    Assert.Equal(column, normal.SortColumn);
                    Assert.NotEqual(normal.Descending, inverted.Descending);
                    Assert.Equal(normal.RowCount, inverted.RowCount);
                }

                Assert.Equal(0, input.State.SortColumn);
            }
        }
    }

    [Fact]
    public void Only_the_profile_that_is_shown_is_asked_for_and_forced_only_when_the_person_says_so()
    {
        Assert.Equal(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Cpu) }, _pane.Interest(Input()));
        Assert.Equal(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Cpu), Force = true }, _pane.Interest(After(Input(), PaneCommand.Force)));
        Assert.Equal(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Heap) }, new HeapPane().Interest(Input()));
    }

    [Fact]
    public void A_profile_without_samples_says_so_in_every_view()
    {
        Observation empty = ProfileObservations.Of(new ProfileCaptures { Cpu = ProfileObservations.Capture(ProfileKind.Cpu, "trouble/mutex-off", 128, 2) });
        PaneInput input = Input() with { Observation = empty };
        for (int view = 0; view < 3; view++, input = After(input, PaneCommand.NextView))
        {
            Assert.Contains("The service used no CPU time", GoldenScreens.Draw(_pane, input).ToString(), StringComparison.Ordinal);
            foreach (PaneCommand command in Enum.GetValues<PaneCommand>()) GoldenScreens.Draw(_pane, After(input, command));
        }
    }

    [Fact]
    public void No_command_fails_in_any_state_at_any_size()
    {
        foreach ((int width, int height) in new[] { (1, 1), (12, 4), (40, 10), (9, 120), (400, 3) })
        {
            foreach (Observation? observation in new[] { ProfileObservations.Trouble, ProfileObservations.Before, Observations.AllMissing, Observations.Ended, null })
            {
                PaneInput input = new(observation, PaneState.Initial, AppFacts.Empty, width, height);
                foreach (PaneCommand command in Enumerable.Repeat(Enum.GetValues<PaneCommand>(), 4).SelectMany(commands => commands))
                {
                    input = After(input, command);
                    GoldenScreens.Draw(_pane, input);
                }
            }
        }
    }

    private static PaneInput Input(int width = 80, int height = 22) => new(ProfileObservations.Trouble, PaneState.Initial, AppFacts.Empty, width, height);

    private static string[] Cells(TableView table, int row) => [.. Enumerable.Range(0, 5).Select(column => table.Cell(row, column).Text)];

    private static PaneInput Select(PaneInput input, string function) => input with { State = input.State with { Selected = new FunctionKey(function) } };

    private PaneInput After(PaneInput input, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }
}
