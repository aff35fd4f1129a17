using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>An open place: its stacks, what is waited on there, who woke those that waited. One list, so that it scrolls in any height.</summary>
internal sealed class LockPage
{
    /// <summary>Of the things that goroutines of a place wait on.</summary>
    private const int MostObjects = 100;

    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("", 8, Align.Right),
        new("FUNCTION", 26, Grow: 3, Fit: Fit.GoName),
        new("WHERE", 16, Priority: 1, Grow: 2, Fit: Fit.Start),
    ];

    private readonly List<(TableCell Figure, TableCell Text, string Place)> _rows = [];

    public int Count => _rows.Count;

    /// <summary>How many stacks there are to turn between.</summary>
    public int Stacks { get; private init; } = 1;

    /// <param name="across">Which of the stacks, from 0; beyond the last it is the last.</param>
    public static LockPage Of(ProfileSites sites, LockSite site, int across)
    {
        ImmutableArray<StackTotals> stacks = sites.Profile.StacksOf(sites.Type, site.Site);
        LockPage page = new() { Stacks = stacks.Length };
        if (stacks.IsEmpty) return page;
        int shown = Math.Clamp(across, 0, stacks.Length - 1);
        string which = stacks.Length == 1 ? "the only stack" : $"stack {shown + 1} of {stacks.Length}{(shown == 0 ? ", the longest waited for; left and right turn to others" : "")}";
        page.Heading($"{which}: {Figures.Nanoseconds(stacks[shown].Values[sites.Type])} of waiting");
        page.Stack(stacks[shown].Frames);
        return page;
    }

    public static LockPage Of(WaitPlace place)
    {
        LockPage page = new();
        if (!place.On.IsDefaultOrEmpty)
        {
            page.Heading("what they wait on");
            foreach (WaitedOn on in place.On.Take(MostObjects)) page._rows.Add((new TableCell(Figures.Count(on.Waiters)), new TableCell(WaitRows.Describe(on.What)), ""));
            if (place.On.Length > MostObjects) page._rows.Add((default, new TableCell($"{Figures.Count(place.On.Length - MostObjects)} more", Tone.Dim), ""));
        }

        page.Heading(place.Stack.IsDefaultOrEmpty ? "no stack of them has been read yet" : "the stack of one of them");
        page.Stack(place.Stack);
        return page;
    }

    public static LockPage Of(BlockedSite site)
    {
        LockPage page = new();
        page.Heading(site.WokenBy.IsDefaultOrEmpty ? "who woke them is not in the trace" : "woken by");
        foreach (WokenBy waker in site.WokenBy)
        {
            CodeLocation place = TraceRows.Place(waker.Site);
            page._rows.Add(waker.Site.IsDefaultOrEmpty
                ? (new TableCell(Figures.Count(waker.Count)), new TableCell("the runtime: a timer, the network, the collector", Tone.Dim), "")
                : (new TableCell(Figures.Count(waker.Count)), new TableCell(place.Function, Tone.Accent), ProfileRows.PlaceOf(place.File, place.Line)));
        }

        page.Heading("where they waited");
        page.Stack(site.Site);
        return page;
    }

    public TableView Table(PaneState state, int visibleRows)
    {
        (int selected, int top) = ListNavigation.Resolve(state, new NumberedRows(Count), visibleRows);
        return new TableView(Columns, Count, Cell) { Top = top, Selected = selected };
    }

    private TableCell Cell(int row, int column) => column switch
    {
        0 => _rows[row].Figure with { Text = _rows[row].Figure.Text ?? "" },
        1 => _rows[row].Text,
        _ => new TableCell(_rows[row].Place, Tone.Dim),
    };

    private void Heading(string text) => _rows.Add((default, new TableCell(text, Tone.Title), ""));

    private void Stack(ImmutableArray<CodeLocation> frames)
    {
        foreach (CodeLocation frame in frames.IsDefault ? [] : frames)
        {
            bool passedOver = FunctionNames.IsRuntimeOrLock(frame.Function);
            _rows.Add((default, new TableCell(GoroutineWords.Function(frame), passedOver ? Tone.Dim : Tone.Normal), ProfileRows.PlaceOf(frame.File, frame.Line)));
        }
    }
}
