using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What is known of one goroutine besides its stack, in lines.</summary>
internal static class GoroutineFacts
{
    private const int WaitsShown = 3;

    public static ImmutableArray<(string Text, Tone Tone)> Lines(GoroutineTable table, int row, WaitIndex? index, int columns, int height)
    {
        ref readonly GoroutineRow goroutine = ref table.Rows.ItemRef(row);
        List<(string, Tone)> lines = [(Started(table, goroutine), Tone.Normal), (Created(table, goroutine, columns), Tone.Dim)];
        if (WaitsFor(table, row, index) is { } waits) lines.Add(waits);
        if (height >= 16 && new GoroutineTags(table).Of(goroutine) is { IsEmpty: false } tags) lines.Add(($"tags {string.Join(", ", tags)}", Tone.Dim));
        if (height >= 16 && goroutine.Labels > 0) lines.Add(($"labels {GoroutineRows.LabelText(table, goroutine.Labels)}", Tone.Accent));
        return [.. lines];
    }

    private static string Started(GoroutineTable table, in GoroutineRow row) =>
        row.StartFunction >= 0 ? $"started with {GoroutineWords.Function(table.Locations[row.StartFunction])}" : "start function unknown";

    private static string Created(GoroutineTable table, in GoroutineRow row, int columns)
    {
        CodeLocation by = row.CreatedBy >= 0 ? table.Locations[row.CreatedBy] : new CodeLocation("", "", 0);
        string parent = row.ParentId > 0 ? $"; {Parent(table, row.ParentId)}" : "";
        return GoroutineWords.Origin(by, row.ParentId, columns - parent.Length) + parent;
    }

    /// <summary><c>which is in IO wait</c>, <c>which has ended</c>.</summary>
    private static string Parent(GoroutineTable table, long id) => GoroutineDetail.Find(table, id) is >= 0 and int row
        ? $"which is in {StateWords.Of(table.Rows[row].State, table.WaitReasons[table.Rows[row].WaitReason])}"
        : "which has ended";

    /// <summary><c>waits for Mutex 0xc000214008 (locked) with 5 others; …</c>; null when it waits for nothing that has others.</summary>
    private static (string Text, Tone Tone)? WaitsFor(GoroutineTable table, int row, WaitIndex? index)
    {
        if (index?.WaitsOf(row) is not { IsEmpty: false } waits) return null;
        if (waits.Length == 1) return ($"waits for {Thing(index, waits[0])}. {WaitWords.Release(index.Objects[waits[0]])}", Tone.Normal);
        string rest = waits.Length > WaitsShown ? $", {waits.Length - WaitsShown} more" : "";
        return ($"waits for one of {waits.Length}: {string.Join("; ", waits.Take(WaitsShown).Select(wait => Thing(index, wait)))}{rest}", Tone.Normal);
    }

    private static string Thing(WaitIndex index, int thing)
    {
        WaitObject waited = index.Objects[thing];
        string standing = WaitWords.Standing(waited);
        int others = index.Waiters(thing) - 1;
        return $"{WaitWords.Kind(waited, index.ElementType(thing))} {WaitWords.Address(waited)}{(standing.Length > 0 ? $" ({standing})" : "")}{(others > 0 ? $" with {Figures.Count(others)} others" : "")}";
    }
}
