using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>An open goroutine: what it does, what it waits for, and its stack.</summary>
internal static class GoroutineDetail
{
    private const int RowsOfEnded = 3;

    public static ImmutableArray<CodeLocation> Frames(Observation? observation, long id)
    {
        if (observation is null || !observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return [];
        return Find(table, id) is >= 0 and int row && table.Rows[row].Stack is >= 0 and int stack ? [.. table.Stacks[stack].Select(frame => table.Locations[frame])] : [];
    }

    public static int HeadRows(PaneInput input, long id, WaitIndex? index)
    {
        if (input.Observation is null || !input.Observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table) || Find(table, id) is not (>= 0 and int row)) return RowsOfEnded;
        return 1 + GoroutineFacts.Lines(table, row, index, input.Width, input.Height).Length;
    }

    public static GoroutinesView Build(PaneInput input, Observation observation, long id, WaitIndex? index)
    {
        Snapshot now = observation.Now;
        if (!now.Facts.Goroutines.TryGet(out GoroutineTable? table))
            return new GoroutinesView { Notice = NoticeView.Absent(now.Facts.Goroutines, "goroutines", now) };
        string name = Figures.Invariant($"Goroutine {id}");
        if (Find(table, id) is not (>= 0 and int row))
            return new GoroutinesView { Title = name, Empty = "It has ended, or the reader left it out in this reading.", Lines = [("", Tone.Dim), ("", Tone.Dim)] };

        ImmutableArray<CodeLocation> frames = Frames(observation, id);
        int visible = GoroutinesLayout.List(input.Height - PaneFrame.RowsTaken(observation), HeadRows(input, id, index)).TableRows;
        (int selected, int top) = ListNavigation.Resolve(input.State, new NumberedRows(frames.Length), visible);
        return new GoroutinesView
        {
            Title = $"{name} {State(table, table.Rows[row])}",
            Lines = GoroutineFacts.Lines(table, row, index, input.Width, input.Height),
            Empty = table.Rows[row].State == GoroutineState.Running
                ? "It is running: its stack moves and cannot be read from outside."
                : "Its stack has not been read yet; it comes with the next reading.",
            Table = frames.IsEmpty ? null : StackView.Of(frames) with { Top = top, Selected = selected },
        };
    }

    /// <summary>Its row; −1 when it is not there.</summary>
    internal static int Find(GoroutineTable table, long id)
    {
        ReadOnlySpan<GoroutineRow> rows = table.Rows.AsSpan();
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Id == id) return i;
        }

        return -1;
    }

    private static string State(GoroutineTable table, GoroutineRow row)
    {
        string state = GoroutineWords.Of(row.State);
        if (row.WaitReason > 0) state += $" [{table.WaitReasons[row.WaitReason]}]";
        if (row.WaitSinceNanoseconds > 0) state += $" for at least {Figures.Age(Math.Max(0, table.NowNanoseconds - row.WaitSinceNanoseconds) / 1e9)}";
        return row.LockedToThread ? state + ", locked to its thread" : state;
    }
}
