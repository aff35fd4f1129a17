using System.Collections.Immutable;
using GoTop.Engine.Fleet;
using GoTop.Widgets;

namespace GoTop.Panes.Fleet;

/// <summary>Rows of the fleet as filtered and sorted. Cells are made when they are drawn: of thousands of rows a screen shows some dozen.</summary>
internal abstract class FleetTable : IRowKeys
{
    public abstract ImmutableArray<TableColumn> Columns { get; }

    public abstract int Count { get; }

    public abstract object KeyAt(int row);

    public abstract int IndexOf(object key);

    public abstract TableView View(PaneState state, int visibleRows);

    public static FleetTable Of(ImmutableArray<RankedRow> rows, PaneState state) => new Table<RankedRow>(
        FleetColumns.OfTargets, rows, state, row => new FleetTargetKey(row.Row.Id),
        row => string.Join(' ', [row.Row.Service, row.Row.Name, row.Row.Host.ValueOr(""), row.Row.Os.ValueOr(""), row.Row.Version.ValueOr(""), row.Row.GoVersion.ValueOr(""), row.Row.State.ToString(), .. row.Causes.Select(cause => cause.Text)]));

    public static FleetTable Of(ImmutableArray<FleetGroup> groups, PaneState state) =>
        new Table<FleetGroup>(FleetColumns.OfGroups, groups, state, group => new FleetGroupKey(group.Name), group => $"{group.Name} {group.Common(row => row.Os, "")}");

    private sealed class Table<TRow> : FleetTable
    {
        private readonly ImmutableArray<FleetColumn<TRow>> _columns;
        private readonly ImmutableArray<TRow> _rows;
        private readonly Func<TRow, object> _key;
        private readonly int _sort;
        private readonly bool _isDescending;

        /// <param name="rows">By their trouble, the worst first.</param>
        /// <param name="searched">What the filter looks at.</param>
        public Table(ImmutableArray<FleetColumn<TRow>> columns, ImmutableArray<TRow> rows, PaneState state, Func<TRow, object> key, Func<TRow, string> searched)
        {
            (_columns, _key) = (columns, key);
            Columns = [.. columns.Select(column => column.Table)];
            _sort = Math.Clamp(state.SortColumn, 0, columns.Length - 1);
            TextFilter filter = new(state.Filter);
            IEnumerable<TRow> shown = filter.IsEmpty ? rows : rows.Where(row => filter.Matches(searched(row)));
            Func<TRow, double>? number = columns[_sort].Number;
            _isDescending = (number is not null) != state.Inverted;
            // Who does not tell the figure is last either way.
            IEnumerable<TRow> sorted = (number, _isDescending) switch
            {
                (not null, true) when _sort == 0 => shown,
                (not null, true) => shown.OrderBy(row => double.IsNaN(number(row))).ThenByDescending(number),
                (not null, false) => shown.OrderBy(row => double.IsNaN(number(row))).ThenBy(number),
                (null, true) => shown.OrderByDescending(row => columns[_sort].Cell(row).Text, StringComparer.OrdinalIgnoreCase),
                (null, false) => shown.OrderBy(row => columns[_sort].Cell(row).Text, StringComparer.OrdinalIgnoreCase),
            };
            _rows = [.. sorted];
        }

        public override ImmutableArray<TableColumn> Columns { get; }

        public override int Count => _rows.Length;

        public override object KeyAt(int row) => _key(_rows[row]);

        public override int IndexOf(object key)
        {
            for (int i = 0; i < _rows.Length; i++)
            {
                if (_key(_rows[i]).Equals(key)) return i;
            }

            return -1;
        }

        public override TableView View(PaneState state, int visibleRows)
        {
            (int selected, int top) = ListNavigation.Resolve(state, this, visibleRows);
            return new TableView(Columns, _rows.Length, (row, column) => _columns[column].Cell(_rows[row]))
            {
                Top = top,
                Selected = selected,
                SortColumn = _sort,
                Descending = _isDescending,
            };
        }
    }
}
