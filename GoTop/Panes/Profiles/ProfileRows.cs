using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>What stays the same of a function when the next profile comes.</summary>
internal sealed record FunctionKey(string Function);

/// <summary>Likewise of a line.</summary>
internal sealed record LineKey(string Function, string File, long Line);

/// <summary>A function or line now and, where compared, then; one of them may not have it.</summary>
internal readonly record struct ProfileRow(FunctionTotals? Now, FunctionTotals? Then)
{
    public FunctionTotals Any => Now ?? Then!;
}

/// <summary>The functions or lines of a profile as filtered and sorted.</summary>
internal sealed class ProfileRows : IRowKeys
{
    private readonly ShownProfile _shown;
    private readonly ProfileColumns _columns;
    private readonly bool _byLine;
    private readonly ProfileRow[] _rows;

    private ProfileRows(ShownProfile shown, ProfileColumns columns, bool byLine, ProfileRow[] rows, int unfiltered, double filteredFlat)
    {
        (_shown, _columns, _byLine, _rows) = (shown, columns, byLine, rows);
        Unfiltered = unfiltered;
        FilteredFlat = filteredFlat;
    }

    public ProfileColumns Columns => _columns;

    public int Count => _rows.Length;

    /// <summary>How many there were before the filter.</summary>
    public int Unfiltered { get; }

    /// <summary>Flat values of those that passed the filter, together.</summary>
    public double FilteredFlat { get; }

    public ProfileRow this[int row] => _rows[row];

    public static ProfileColumns ColumnsOf(ShownProfile shown) =>
        shown.Then is null ? ProfileColumns.Plain : shown.IsMarked ? ProfileColumns.Compared : ProfileColumns.WithRate;

    public static ProfileRows Of(ShownProfile shown, bool byLine, PaneState state)
    {
        List<ProfileRow> rows = Join(shown, byLine);
        int unfiltered = rows.Count;
        TextFilter filter = new(state.Filter);
        if (!filter.IsEmpty) rows.RemoveAll(row => !filter.Matches($"{row.Any.Function} {row.Any.File}"));
        double flat = 0;
        foreach (ProfileRow row in rows) flat += row.Now?.Flat ?? 0;
        ProfileColumns columns = ColumnsOf(shown);
        int column = columns.Clamp(state.SortColumn);
        return new ProfileRows(shown, columns, byLine, Sorted(rows, shown, columns.Kinds[column], columns.IsDescending(column, state.Inverted)), unfiltered, flat);
    }

    public object KeyAt(int row) => _byLine ? new LineKey(_rows[row].Any.Function, _rows[row].Any.File, _rows[row].Any.Line) : new FunctionKey(_rows[row].Any.Function);

    public int IndexOf(object key)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            FunctionTotals row = _rows[i].Any;
            bool same = key switch
            {
                FunctionKey wanted => row.Function == wanted.Function,
                LineKey wanted => row.Function == wanted.Function && (!_byLine || (row.Line == wanted.Line && row.File == wanted.File)),
                _ => false,
            };
            if (same) return i;
        }

        return -1;
    }

    public TableCell Cell(int row, int column)
    {
        ProfileRow cells = _rows[row];
        FunctionTotals any = cells.Any;
        double value = Value(cells, _shown, _columns.Kinds[column]);
        switch (_columns.Kinds[column])
        {
            case ProfileColumn.Flat or ProfileColumn.Cumulative:
                return new TableCell(_shown.IsPerSecond ? _shown.Measure.FormatPerSecond(value) : _shown.Measure.Format(value), value == 0 ? Tone.Dim : Tone.Normal);
            case ProfileColumn.FlatShare or ProfileColumn.CumulativeShare:
                return new TableCell(Figures.Percent(value), value < 0.05 ? Tone.Dim : Tone.Normal);
            case ProfileColumn.FlatRate:
                return new TableCell(_shown.Measure.FormatChange(value, perSecond: true), value > 0 ? Tone.Warning : value < 0 ? Tone.Good : Tone.Dim);
            case ProfileColumn.FlatChange or ProfileColumn.CumulativeChange:
                return new TableCell(_shown.Measure.FormatChange(value, _shown.IsPerSecond), value > 0 ? Tone.Warning : value < 0 ? Tone.Good : Tone.Dim);
            case ProfileColumn.Function:
                return new TableCell(any.Function, ToneOf(_shown.Origins.Of(any.Function)));
            default:
                return new TableCell(PlaceOf(any.File, any.Line), Tone.Dim);
        }
    }

    /// <summary>The service's own code stands out; the runtime's steps back.</summary>
    public static Tone ToneOf(CodeOrigin origin) => origin switch
    {
        CodeOrigin.Own => Tone.Accent,
        CodeOrigin.Runtime => Tone.Dim,
        _ => Tone.Normal,
    };

    /// <summary>Empty where no file is told.</summary>
    public static string PlaceOf(string file, long line) => file.Length == 0 ? "" : line > 0 ? Figures.Invariant($"{file}:{line}") : file;

    private static List<ProfileRow> Join(ShownProfile shown, bool byLine)
    {
        ImmutableArray<FunctionTotals> now = byLine ? shown.Profile.Lines(shown.Type) : shown.Profile.Functions(shown.Type);
        List<ProfileRow> rows = new(now.Length);
        if (shown.Then is not { } then)
        {
            foreach (FunctionTotals row in now) rows.Add(new ProfileRow(row, null));
            return rows;
        }

        Dictionary<(string, string, long), FunctionTotals> before = [];
        foreach (FunctionTotals row in byLine ? then.Profile.Lines(then.Type) : then.Profile.Functions(then.Type)) before.TryAdd(Key(row), row);
        foreach (FunctionTotals row in now)
        {
            before.Remove(Key(row), out FunctionTotals? earlier);
            rows.Add(new ProfileRow(row, earlier));
        }

        // Those that are gone are of interest only to who compares.
        if (shown.IsMarked) rows.AddRange(before.Values.Select(gone => new ProfileRow(null, gone)));
        return rows;

        (string, string, long) Key(FunctionTotals row) => byLine ? (row.Function, row.File, row.Line) : (row.Function, "", 0);
    }

    private static ProfileRow[] Sorted(List<ProfileRow> rows, ShownProfile shown, ProfileColumn column, bool descending)
    {
        // A stable sort: between equals the cumulative value decides, and then the order of pprof.
        IEnumerable<ProfileRow> sorted = column switch
        {
            ProfileColumn.Function => ByText(row => row.Any.Function),
            ProfileColumn.Place => ByText(row => row.Any.File).ThenBy(row => row.Any.Line),
            _ => (descending ? rows.OrderByDescending(row => Value(row, shown, column)) : rows.OrderBy(row => Value(row, shown, column)))
                .ThenByDescending(row => row.Now?.Cumulative ?? 0),
        };
        return [.. sorted];

        IOrderedEnumerable<ProfileRow> ByText(Func<ProfileRow, string> text) =>
            descending ? rows.OrderByDescending(text, StringComparer.Ordinal) : rows.OrderBy(text, StringComparer.Ordinal);
    }

    private static double Value(ProfileRow row, ShownProfile shown, ProfileColumn column)
    {
        double flat = (row.Now?.Flat ?? 0) * shown.Scale, cumulative = (row.Now?.Cumulative ?? 0) * shown.Scale;
        return column switch
        {
            ProfileColumn.Flat => flat,
            ProfileColumn.Cumulative => cumulative,
            ProfileColumn.FlatShare => shown.Share(row.Now?.Flat ?? 0),
            ProfileColumn.CumulativeShare => shown.Share(row.Now?.Cumulative ?? 0),
            ProfileColumn.FlatRate => (flat - (row.Then?.Flat ?? 0)) / Math.Max(1e-9, shown.Then?.Seconds ?? 1),
            ProfileColumn.FlatChange => flat - ((row.Then?.Flat ?? 0) * shown.ThenScale),
            ProfileColumn.CumulativeChange => cumulative - ((row.Then?.Cumulative ?? 0) * shown.ThenScale),
            _ => 0,
        };
    }
}
