using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What a view lists, as filtered and sorted: its rows, and what stands above and below them.</summary>
internal interface IGoroutineList : IRowKeys
{
    ImmutableArray<TableColumn> Columns { get; }

    /// <summary>In bold above the rows.</summary>
    string Title { get; }

    /// <summary>What is wrong with the filter; null when nothing is.</summary>
    string? FilterError { get; }

    /// <summary>Said in place of rows when there are none.</summary>
    string Empty { get; }

    /// <summary>What is left out, or otherwise to be known; null for nothing.</summary>
    string? Remark => null;

    /// <summary>False for a list that has an order of its own.</summary>
    bool CanSort => true;

    TableCell Cell(int row, int column);

    bool IsDescending(int column, bool inverted);

    /// <summary>More about a row, for below the list; null when there is none.</summary>
    PreviewPanel? Preview(int row) => null;
}

/// <summary>A list, or why there is none.</summary>
internal readonly record struct ListOrNotice(IGoroutineList? List, NoticeView? Notice)
{
    public static implicit operator ListOrNotice(NoticeView notice) => new(null, notice);

    public static ListOrNotice Of(IGoroutineList list) => new(list, null);
}
