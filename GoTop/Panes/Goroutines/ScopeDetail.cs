using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>The goroutines of what was opened in one of the views: of a label, a range of ages, a thing waited on, a place in the tree.</summary>
internal static class ScopeDetail
{
    private const int LinesShown = 5;

    public static int HeadRows(object opened, WaitIndex? index, PaneInput input) => 1 + Lines(opened, index, input).Length;

    public static GoroutinesView Build(PaneInput input, Observation observation, object opened, GoroutineRows? rows, WaitIndex? index)
    {
        Snapshot now = observation.Now;
        if (rows is null) return new GoroutinesView { Notice = NoticeView.Absent(now.Facts.Goroutines, "goroutines", now) };
        int height = input.Height - PaneFrame.RowsTaken(observation);
        int visible = GoroutinesLayout.List(height, HeadRows(opened, index, input)).TableRows;
        (int selected, int top) = ListNavigation.Resolve(input.State, rows, visible);
        return new GoroutinesView
        {
            Title = Title(opened, rows, index),
            Lines = rows.FilterError is { } error ? [($"filter: {error}", Tone.Warning), .. Lines(opened, index, input).Skip(1)] : Lines(opened, index, input),
            Empty = input.State.Filter.Length > 0 ? "Nothing passes the filter." : "None is left.",
            Table = GoroutineList.Table(rows, input.State, selected, top, now),
        };
    }

    private static string Title(object opened, GoroutineRows rows, WaitIndex? index) => opened switch
    {
        GoroutineLabel label => $"{rows.Title} with {label.Key}={label.Value}",
        AgeRange { Kind: AgeKind.Noted } range => $"{rows.Title} that have waited {range.Words}",
        AgeRange range => $"{rows.Title}: {range.Words}",
        WaitKey key => WaitDetail.Find(index, key) is { } family ? WaitDetail.Title(index!, family) : "Nobody waits for it any more",
        _ => $"{rows.Title} started here",
    };

    /// <summary>At least one, so that what is wrong with a filter has its place.</summary>
    private static ImmutableArray<(string Text, Tone Tone)> Lines(object opened, WaitIndex? index, PaneInput input)
    {
        if (opened is CreatorPath path) return [(path.Words, Tone.Dim)];
        if (opened is not WaitKey key || WaitDetail.Find(index, key) is not { } family || input.Observation?.Now.Facts.Goroutines.ValueOr(null) is not { } table) return [("", Tone.Dim)];
        ImmutableArray<(string Text, Tone Tone)> lines = WaitDetail.Lines(index!, family, table);
        // The last lines say what would let them go on.
        int most = input.Height >= 16 ? LinesShown : 1;
        return lines.Length <= most ? lines : most == 1 ? [lines[^1]] : [.. lines.Take(most - 2), lines[^2], lines[^1]];
    }
}
