using System.Collections.Immutable;
using GoTop.Panes;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class ListNavigationTests
{
    [Fact]
    public void Movements_stop_at_both_ends_and_the_window_follows()
    {
        Rows rows = new(Enumerable.Range(0, 100));
        PaneState state = PaneState.Initial;
        Assert.Equal((0, 0), Where(state, rows));
        state = Press(state, rows, PaneCommand.Up);
        Assert.Equal((0, 0), Where(state, rows));
        state = Press(state, rows, PaneCommand.PageDown);
        Assert.Equal((10, 10), Where(state, rows));
        state = Press(state, rows, PaneCommand.End);
        Assert.Equal((99, 90), Where(state, rows));
        state = Press(state, rows, PaneCommand.Down);
        Assert.Equal((99, 90), Where(state, rows));
        state = Press(state, rows, PaneCommand.PageUp);
        Assert.Equal((89, 80), Where(state, rows));
        state = Press(state, rows, PaneCommand.Home);
        Assert.Equal((0, 0), Where(state, rows));
    }

    [Fact]
    public void The_selection_stays_on_its_row_when_rows_move()
    {
        PaneState state = Press(Press(PaneState.Initial, new Rows([1, 2, 3, 4]), PaneCommand.Down), new Rows([1, 2, 3, 4]), PaneCommand.Down);
        Assert.Equal(3, state.Selected);
        Assert.Equal(0, Where(state, new Rows([3, 1, 2, 4])).Selected);
        Assert.Equal(4, Where(state, new Rows([9, 8, 1, 2, 3, 4])).Selected);
    }

    [Fact]
    public void Until_something_is_selected_the_first_row_is_whichever_it_be()
    {
        Assert.Equal((0, 0), Where(PaneState.Initial, new Rows([7, 8])));
        Assert.Equal((0, 0), Where(PaneState.Initial, new Rows([8, 7])));
        PaneState home = Press(Press(PaneState.Initial, new Rows([7, 8]), PaneCommand.Down), new Rows([7, 8]), PaneCommand.Home);
        Assert.Null(home.Selected);
    }

    [Fact]
    public void When_the_selected_row_is_gone_the_window_stays_where_it_was()
    {
        Rows rows = new(Enumerable.Range(0, 100));
        PaneState state = PaneState.Initial;
        for (int i = 0; i < 5; i++) state = Press(state, rows, PaneCommand.PageDown);
        Rows without = new(Enumerable.Range(0, 100).Where(row => row != 50));
        Assert.Equal((50, 50), Where(state, without));
    }

    [Fact]
    public void Sorting_passes_by_the_columns_that_are_hidden()
    {
        ImmutableArray<TableColumn> columns = [new("A", 10), new("B", 30, Priority: 1), new("C", 10)];
        Assert.Equal(2, ListNavigation.HandleSort(PaneState.Initial, PaneCommand.NextSort, columns, 40).SortColumn);
        Assert.Equal(1, ListNavigation.HandleSort(PaneState.Initial, PaneCommand.NextSort, columns, 80).SortColumn);
    }

    [Fact]
    public void An_empty_list_has_no_selection_and_moves_nowhere()
    {
        Assert.Equal((-1, 0), Where(PaneState.Initial, new Rows([])));
        Assert.Same(PaneState.Initial, Press(PaneState.Initial, new Rows([]), PaneCommand.Down));
    }

    [Fact]
    public void Other_commands_leave_the_state_as_it_is()
    {
        foreach (PaneCommand command in new[] { PaneCommand.Left, PaneCommand.Open, PaneCommand.Back, PaneCommand.Follow, PaneCommand.NextView })
            Assert.Same(PaneState.Initial, Press(PaneState.Initial, new Rows([1, 2]), command));
    }

    private static (int Selected, int Top) Where(PaneState state, Rows rows) => ListNavigation.Resolve(state, rows, 10);

    private static PaneState Press(PaneState state, Rows rows, PaneCommand command) => ListNavigation.Handle(state, command, rows, 10);

    private sealed class Rows(IEnumerable<int> keys) : IRowKeys
    {
        private readonly List<int> _keys = [.. keys];

        public int Count => _keys.Count;

        public object KeyAt(int row) => _keys[row];

        public int IndexOf(object key) => _keys.IndexOf((int)key);
    }
}
