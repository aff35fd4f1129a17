using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>An open goroutine: what it does, and its stack.</summary>
internal static class GoroutineDetail
{
    public const int HeadRows = 3;

    public static ImmutableArray<CodeLocation> Frames(Observation? observation, long id)
    {
        if (observation is null || !observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return [];
        return Find(table, id) is { Stack: >= 0 } row ? [.. table.Stacks[row.Stack].Select(frame => table.Locations[frame])] : [];
    }

    public static GoroutinesView Build(PaneInput input, Observation observation, long id)
    {
        Snapshot now = observation.Now;
        if (!now.Facts.Goroutines.TryGet(out GoroutineTable? table))
            return new GoroutinesView { Notice = NoticeView.Absent(now.Facts.Goroutines, "goroutines", now) };
        string name = Figures.Invariant($"Goroutine {id}");
        if (Find(table, id) is not { } row)
            return new GoroutinesView { Title = name, Empty = "It has ended, or the reader left it out in this reading.", Lines = [("", Tone.Dim), ("", Tone.Dim)] };

        ImmutableArray<CodeLocation> frames = Frames(observation, id);
        int visible = GoroutinesLayout.List(input.Height - PaneFrame.RowsTaken(observation), HeadRows).TableRows;
        (int selected, int top) = ListNavigation.Resolve(input.State, new NumberedRows(frames.Length), visible);
        return new GoroutinesView
        {
            Title = $"{name} {State(table, row)}",
            Lines = [(Started(table, row), Tone.Normal), (Created(table, row, input.Width), Tone.Dim)],
            Empty = row.State == GoroutineState.Running
                ? "It is running: its stack moves and cannot be read from outside."
                : "Its stack has not been read yet; it comes with the next reading.",
            Table = frames.IsEmpty ? null : StackView.Of(frames) with { Top = top, Selected = selected },
        };
    }

    private static GoroutineRow? Find(GoroutineTable table, long id)
    {
        foreach (ref readonly GoroutineRow row in table.Rows.AsSpan())
        {
            if (row.Id == id) return row;
        }

        return null;
    }

    private static string State(GoroutineTable table, GoroutineRow row)
    {
        string state = GoroutineWords.Of(row.State);
        if (row.WaitReason > 0) state += $" [{table.WaitReasons[row.WaitReason]}]";
        if (row.WaitSinceNanoseconds > 0) state += $" for at least {Figures.Age(Math.Max(0, table.NowNanoseconds - row.WaitSinceNanoseconds) / 1e9)}";
        return row.LockedToThread ? state + ", locked to its thread" : state;
    }

    private static string Started(GoroutineTable table, GoroutineRow row) =>
        row.StartFunction >= 0 ? $"started with {GoroutineWords.Function(table.Locations[row.StartFunction])}" : "start function unknown";

    private static string Created(GoroutineTable table, GoroutineRow row, int columns) =>
        GoroutineWords.Origin(row.CreatedBy >= 0 ? table.Locations[row.CreatedBy] : new CodeLocation("", "", 0), row.ParentId, columns);
}
