using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Widgets;

namespace GoTop.Panes.Leaks;

/// <summary>Stacks of goroutines that the runtime has proven to be leaked, as filtered and sorted.</summary>
internal sealed class LeakedRows : IGoroutineList
{
    private readonly ImmutableArray<StackOfLeaked> _rows;

    private LeakedRows(ImmutableArray<StackOfLeaked> rows, string title, string remark) => (_rows, Title, Remark) = (rows, title, remark);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("LEAKED", 8, Align.Right),
        new("STUCK AT", 26, Grow: 3, Fit: Fit.GoName),
        new("LINE", 22, Priority: 1, Grow: 2, Fit: Fit.Start),
        new("WAITS IN", 18, Priority: 3, Grow: 1),
        new("START FUNCTION", 24, Priority: 2, Grow: 3, Fit: Fit.GoName),
    ];

    public string Title { get; }

    public string? FilterError => null;

    public string Remark { get; }

    public string Empty => "The runtime has found no leaked goroutine: whatever waits can still be woken by something.";

    public int Count => _rows.Length;

    /// <param name="late">Why there is no newer answer; null when this is the newest.</param>
    public static LeakedRows Of(LeakedStacks stacks, ProfileCapture capture, Observation observation, string? late, PaneState state)
    {
        TextFilter filter = new(state.Filter);
        StackOfLeaked[] shown = [.. stacks.Stacks.Where(stack => filter.IsEmpty || filter.Matches(string.Join(' ', stack.Frames.Select(frame => $"{frame.Function} {frame.File}"))))];
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<StackOfLeaked> sorted = state.SortColumn switch
        {
            1 => ByText(stack => stack.Where.Function),
            2 => ByText(stack => GoroutineWords.Place(stack.Where)),
            3 => ByText(WaitsIn),
            4 => ByText(stack => stack.StartFunction),
            _ => descending ? shown : shown.Reverse(),
        };
        double age = (observation.Now.MonotonicNanoseconds - capture.ReadAtNanoseconds) / 1e9;
        string taken = $"asked {Figures.Age(Math.Max(0, age))} ago, took {Figures.Nanoseconds(capture.TookMilliseconds * 1e6)}; t asks again";
        return new LeakedRows([.. sorted], $"{Figures.Counted(stacks.Total, "goroutine is", "goroutines are")} leaked, at {Figures.Counted(stacks.Stacks.Length, "stack")}", late is null ? taken : $"{late}; {taken}");

        IEnumerable<StackOfLeaked> ByText(Func<StackOfLeaked, string> text) => descending ? shown.OrderByDescending(text, StringComparer.Ordinal) : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public object KeyAt(int row) => new StackKey(
        _rows[row].Frames, $"{Figures.Count(_rows[row].Count)} leaked goroutines", "Nothing that still runs can reach what they wait for, so nothing will wake them.");

    public int IndexOf(object key)
    {
        for (int i = 0; key is StackKey wanted && i < _rows.Length; i++)
        {
            if (wanted.Frames.AsSpan().SequenceEqual(_rows[i].Frames.AsSpan())) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public TableCell Cell(int row, int column)
    {
        StackOfLeaked stack = _rows[row];
        return column switch
        {
            0 => new TableCell(Figures.Count(stack.Count), Tone.Critical),
            1 => stack.Where.Function.Length > 0 ? new TableCell(stack.Where.Function, Tone.Accent) : new TableCell("unknown", Tone.Dim),
            2 => new TableCell(GoroutineWords.Place(stack.Where), Tone.Dim),
            3 => new TableCell(WaitsIn(stack)),
            _ => new TableCell(stack.StartFunction, Tone.Dim),
        };
    }

    public PreviewPanel? Preview(int row) =>
        PreviewPanel.Of(new StackPanel([new StackShape((int)Math.Min(int.MaxValue, _rows[row].Count), _rows[row].Frames)], 0, (int)Math.Min(int.MaxValue, _rows[row].Count), null));

    private static bool IsDescendingColumn(int column, bool inverted) => column == 0 != inverted;

    /// <summary>The library or runtime function that its own code called last: <c>runtime.chansend1</c>, <c>sync.(*WaitGroup).Wait</c>.</summary>
    private static string WaitsIn(StackOfLeaked stack)
    {
        CodeLocation last = default;
        foreach (CodeLocation frame in stack.Frames)
        {
            if (!OwnCode.IsPlumbing(frame.Function)) break;
            last = frame;
        }

        return last.Function ?? "";
    }
}
