using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Goroutines;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class GoroutinesPaneTests
{
    private readonly GoroutinesPane _pane = new();

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(40, 10)]
    public void An_open_group_shows_its_stacks_and_its_goroutines(int width, int height)
    {
        PaneInput input = After(Input(width, height), PaneCommand.Open);
        Check($"goroutines-{width}x{height}-group", input);
        Check($"goroutines-{width}x{height}-group-second-stack", After(input, PaneCommand.Right));
        Check($"goroutines-{width}x{height}-goroutine", After(input, PaneCommand.Down, PaneCommand.Open));
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(40, 10)]
    public void Each_view_lists_what_its_name_says(int width, int height)
    {
        for (int view = 1; view < GoroutineViews.Names.Length; view++)
        {
            string name = $"goroutines-{width}x{height}-{GoroutineViews.Names[view]}";
            Check(name, Marked(At(view, width, height)));
            Check(name + "-missing", At(view, width, height) with { Observation = Observations.AllMissing });
        }

        Check($"goroutines-{width}x{height}-diff-unmarked", At(GoroutineViews.Diff, width, height));
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(40, 10)]
    public void Enter_opens_the_goroutines_of_a_row(int width, int height)
    {
        Check($"goroutines-{width}x{height}-one-wait", After(At(GoroutineViews.Waits, width, height), PaneCommand.Down, PaneCommand.Open));
        Check($"goroutines-{width}x{height}-one-wait-goroutine", After(At(GoroutineViews.Waits, width, height), PaneCommand.Down, PaneCommand.Open, PaneCommand.Open));
        Check($"goroutines-{width}x{height}-one-label", After(At(GoroutineViews.Labels, width, height), PaneCommand.Down, PaneCommand.Open));
        Check($"goroutines-{width}x{height}-one-age", After(At(GoroutineViews.Ages, width, height), PaneCommand.Open));
        Check($"goroutines-{width}x{height}-one-creator", After(At(GoroutineViews.Creators, width, height), PaneCommand.Down, PaneCommand.Open));
    }

    [Fact]
    public void What_has_not_been_read_yet_is_said_in_the_place_of_the_view()
    {
        GoroutineTable unread = Observations.Leak.Now.Facts.Goroutines.Value with
        {
            LabelSets = Reading.NotYet<System.Collections.Immutable.ImmutableArray<System.Collections.Immutable.ImmutableArray<GoroutineLabel>>>("5,004 sets of labels: they are read while somebody looks at them"),
            Waits = Reading.NotYet<GoroutineWaits>("read while somebody looks at it"),
        };
        foreach (int view in new[] { GoroutineViews.Labels, GoroutineViews.Waits })
        {
            string screen = GoldenScreens.Draw(_pane, With(unread, At(view, 80, 22))).ToString();
            Assert.Contains("not read yet", screen, StringComparison.Ordinal);
            Assert.Contains("while somebody looks", screen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tree_of_creators_unfolds_to_the_right_and_folds_to_the_left()
    {
        PaneInput input = At(GoroutineViews.Creators, 120, 38);
        int rows = Rows(input);
        PaneInput folded = After(input, PaneCommand.Left);
        Assert.True(Rows(folded) < rows);
        Assert.Equal(rows, Rows(After(folded, PaneCommand.Right)));
        // In, and out again, a level at a time.
        PaneInput child = After(input, PaneCommand.Right);
        Assert.NotEqual(_pane.Build(input).Table!.Selected, _pane.Build(child).Table!.Selected);
        Assert.Equal(0, _pane.Build(After(child, PaneCommand.Left)).Table!.Selected);
        Assert.True(Rows(input with { State = input.State with { Filter = "orders" } }) > 0);
    }

    [Fact]
    public void The_dear_facts_are_asked_for_by_the_views_that_show_them()
    {
        Assert.Equal(new Interest { Waits = true, AllStacks = true }, _pane.Interest(At(GoroutineViews.Waits, 80, 22)));
        Assert.Equal(new Interest { Labels = true }, _pane.Interest(At(GoroutineViews.Labels, 80, 22)));
        Assert.Equal(Interest.None, _pane.Interest(At(GoroutineViews.Ages, 80, 22)));
        PaneInput one = After(At(GoroutineViews.Waits, 80, 22), PaneCommand.Open);
        Assert.True(_pane.Interest(one).Waits);
        Assert.True(_pane.Interest(After(one, PaneCommand.Open)) is { Waits: true, Goroutine: not null });
    }

    [Fact]
    public void Two_marks_are_compared_whatever_is_shown()
    {
        Marks two = Marks.None.With(Observations.LeakJustAttached).With(Observations.Leak);
        GoroutinesView view = _pane.Build(At(GoroutineViews.Diff, 120, 38) with { Observation = Observations.LeakJustAttached, Marks = two });
        Assert.Equal("+5,248", view.Table!.Cell(0, 0).Text);
        Assert.Equal("growing", view.Table.Cell(0, 4).Text);
    }

    [Fact]
    public void A_filter_narrows_the_list_and_is_named_beside_it() =>
        Check("goroutines-80x22-filtered", Filtered("!state=waiting"));

    [Fact]
    public void A_filter_that_is_wrong_is_explained_and_hides_nothing() =>
        Check("goroutines-80x22-filter-error", Filtered("count>many"));

    [Fact]
    public void A_late_reading_is_shown_as_old() => Check("goroutines-80x22-stale", Input(80, 22) with { Observation = Observations.Stale });

    [Fact]
    public void What_is_open_is_what_is_asked_for()
    {
        PaneInput input = Input(80, 22);
        Assert.Equal(Interest.None, _pane.Interest(input));

        PaneInput group = After(input, PaneCommand.Open);
        GroupKey key = Observations.Leak.Now.Groups.Value[0].Key;
        Assert.Equal(new Interest { Stacks = key }, _pane.Interest(group));

        PaneInput goroutine = After(group, PaneCommand.Open);
        long? id = _pane.Interest(goroutine).Goroutine;
        Assert.NotNull(id);
        Assert.Contains(Observations.Leak.Now.Facts.Goroutines.Value.Rows, row => row.Id == id);
    }

    [Fact]
    public void Back_returns_to_the_row_the_sort_and_the_filter_that_were_left()
    {
        PaneInput before = After(Filtered("queue"), PaneCommand.NextSort, PaneCommand.Down);
        PaneInput inside = After(before, PaneCommand.Open);
        Assert.Equal("", inside.State.Filter);
        Assert.Equal(before.State, After(inside, PaneCommand.Down, PaneCommand.NextSort, PaneCommand.Back).State);
        Assert.Same(before.State, After(before, PaneCommand.Back).State);
    }

    [Fact]
    public void The_selection_stays_on_its_group_when_the_order_changes()
    {
        PaneInput input = After(Input(80, 22), PaneCommand.Down, PaneCommand.Down);
        GroupKey selected = Assert.IsType<GroupKey>(input.State.Selected);
        PaneInput turned = After(input, PaneCommand.Invert);
        Assert.Equal(selected, turned.State.Selected);
        GoroutinesView view = _pane.Build(turned);
        Assert.Equal("queue.(*Worker).loop", selected.StartFunction.Split('/')[^1]);
        Assert.Equal("6", view.Table!.Cell(view.Table.Selected, 0).Text);
    }

    [Fact]
    public void The_selection_stays_on_its_goroutine_when_the_table_is_read_anew()
    {
        PaneInput input = After(Input(80, 22), PaneCommand.NextView, PaneCommand.PageDown, PaneCommand.PageDown);
        object? selected = input.State.Selected;
        Observation later = Observations.Leak with
        {
            Now = Observations.Leak.Now with
            {
                Facts = Observations.Leak.Now.Facts with { Goroutines = Reading.Of(GoroutineTables.Leak(9_000, 600_000_000_000_000)) },
            },
        };
        GoroutinesView view = _pane.Build(input with { Observation = later });
        Assert.Equal(selected!.ToString(), view.Table!.Cell(view.Table.Selected, 1).Text);
        Assert.InRange(view.Table.Selected, view.Table.Top, view.Table.Top + 20);
    }

    [Fact]
    public void Every_sort_column_of_every_view_sorts_in_both_directions()
    {
        int[] sortable = [GoroutineViews.Groups, GoroutineViews.Goroutines, GoroutineViews.Diff, GoroutineViews.Labels, GoroutineViews.Waits];
        foreach (PaneInput start in sortable.Select(view => Marked(At(view, 240, 48))).Append(After(Input(200, 48), PaneCommand.Open)))
        {
            PaneInput input = start;
            int columns = _pane.SortColumns(input).Length;
            HashSet<int> seen = [];
            for (int i = 0; i < columns; i++)
            {
                GoroutinesView view = _pane.Build(input), inverted = _pane.Build(After(input, PaneCommand.Invert));
                Assert.NotEqual(view.Table!.Descending, inverted.Table!.Descending);
                Assert.Equal(view.Table.RowCount, inverted.Table.RowCount);
                seen.Add(view.Table.SortColumn);
                input = After(input, PaneCommand.NextSort);
            }

            Assert.Equal(columns, seen.Count);
            Assert.Equal(start.State.SortColumn, input.State.SortColumn);
        }
    }

    [Fact]
    public void Rows_come_in_the_order_of_their_column_with_the_unknown_last()
    {
        GoroutineTable table = GoroutineTables.Leak(200, 500_000_000_000_000);
        foreach (bool inverted in new[] { false, true })
        {
            GoroutineRows rows = GoroutineRows.Of(table, null, "", 0, inverted);
            long[] since = [.. Enumerable.Range(0, rows.Count).Select(i => rows[i].WaitSinceNanoseconds)];
            int known = since.Count(value => value > 0);
            Assert.All(since[known..], value => Assert.Equal(0, value));
            long[] expected = inverted ? [.. since[..known].OrderDescending()] : [.. since[..known].Order()];
            Assert.Equal(expected, since[..known]);
        }

        GoroutineRows byStart = GoroutineRows.Of(table, null, "", 4, false);
        string[] names = [.. Enumerable.Range(0, byStart.Count).Select(i => byStart.Cell(i, 4).Text)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void A_hundred_thousand_goroutines_are_sorted_once_and_not_again_for_a_key_press()
    {
        GoroutineTable table = GoroutineTables.Large(100_000);
        Observation large = Observations.Leak with { Now = Observations.Leak.Now with { Facts = Observations.Leak.Now.Facts with { Goroutines = Reading.Of(table) } } };
        PaneInput input = After(Input(120, 38) with { Observation = large }, PaneCommand.NextView);
        Canvas first = GoldenScreens.Draw(_pane, input);
        Assert.Contains("100,000 goroutines", first.ToString(), StringComparison.Ordinal);

        // Sorting 100,000 rows allocates megabytes, a frame of 36 rows does not: so this tells whether it was sorted again.
        long before = GC.GetAllocatedBytesForCurrentThread();
        input = After(input, PaneCommand.PageDown);
        GoldenScreens.Draw(_pane, input);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
    }

    private static PaneInput Input(int width, int height) => new(Observations.Leak, PaneState.Initial, AppFacts.Empty, width, height);

    private static PaneInput At(int view, int width, int height)
    {
        PaneInput input = Input(width, height);
        return input with { State = input.State with { View = view } };
    }

    private static PaneInput Marked(PaneInput input) => input with { Marks = Marks.None.With(Observations.LeakJustAttached) };

    private static PaneInput With(GoroutineTable table, PaneInput input)
    {
        Observation observation = input.Observation!;
        return input with { Observation = observation with { Now = observation.Now with { Facts = observation.Now.Facts with { Goroutines = Reading.Of(table) } } } };
    }

    private int Rows(PaneInput input) => _pane.Build(input).Table!.RowCount;

    private static PaneInput Filtered(string filter)
    {
        PaneInput input = Input(80, 22);
        return input with { State = input.State with { Filter = filter } };
    }

    private PaneInput After(PaneInput input, params PaneCommand[] commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }

    private void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(_pane, input).ToString());
}
