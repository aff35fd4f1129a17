using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.Widgets;

/// <summary>What stands where figures would be: that there are none, why, and what to do.</summary>
/// <param name="Sources">How each source fared, where that explains it.</param>
public sealed record NoticeView(Tone Tone, string Title, string? Reason, string? Advice, ImmutableArray<SourceStatus> Sources)
{
    public static NoticeView NoObservation { get; } =
        new(Tone.Accent, "Waiting for the first reading", null, "Figures appear with the first tick. No target yet? Choose one in Services.", []);

    /// <param name="what">E.g. <c>goroutines</c>.</param>
    public static NoticeView Absent<T>(Reading<T> reading, string what, Snapshot now)
    {
        (Tone tone, string state, string advice) = reading.State switch
        {
            ReadingState.Denied => (Tone.Critical, "denied", "Run GoTop as the target's user or with administrator's rights, or grant the right named above."),
            ReadingState.NotSupported => (Tone.Warning, "not supported", "Another source may have it: see what each one says below."),
            ReadingState.Failed => (Tone.Critical, "failed", "It is tried again by itself; GoTop's own log has the details."),
            _ => (Tone.Accent, "not read yet", "They appear with the next reading."),
        };
        return new NoticeView(tone, $"No {what}: {state}", reading.Reason, advice, now.Sources);
    }
}

/// <summary>Draws a notice at the top of its place.</summary>
public static class Notice
{
    public static void Draw(NoticeView view, DrawContext context)
    {
        int margin = context.Surface.Width > 60 ? 2 : 0, width = context.Surface.Width - (2 * margin), height = context.Surface.Height;
        int y = height > 12 ? 1 : 0;
        context.Write(margin, y++, width, view.Title, context.Theme.Style(view.Tone).Bold());
        if (view.Reason is { } reason) y += context.WriteWrapped(margin, y, width, Math.Max(1, height - y - 1), reason, context.Theme.Text);
        if (view.Advice is { } advice) y += context.WriteWrapped(margin, y, width, Math.Max(0, height - y), advice, context.Theme.Style(Tone.Accent));
        if (view.Sources.IsDefaultOrEmpty || y + 2 >= height) return;
        Table.Draw(SourceTable.Of(view.Sources), context.Slice(margin, y + 1, width, height - y - 1));
    }
}

/// <summary>The sources of a target, and how each fared.</summary>
public static class SourceTable
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("SOURCE", 9),
        new("STATE", 13),
        new("EVERY", 6, Align.Right, Priority: 2),
        new("COST, OR WHY NOT", 10, Priority: 1, Grow: 1),
    ];

    public static TableView Of(ImmutableArray<SourceStatus> sources) => new(Columns, sources.Length, (row, column) => Cell(sources[row], column));

    public static Tone ToneOf(SourceState state) => state switch
    {
        SourceState.Ok => Tone.Good,
        SourceState.Denied or SourceState.Failed => Tone.Critical,
        SourceState.Stale => Tone.Warning,
        _ => Tone.Dim,
    };

    public static string WordOf(SourceState state) => state switch
    {
        SourceState.Ok => "ok",
        SourceState.Stale => "stale",
        SourceState.NotSupported => "not supported",
        SourceState.Denied => "denied",
        SourceState.Failed => "failed",
        _ => "not yet",
    };

    private static TableCell Cell(SourceStatus source, int column) => column switch
    {
        0 => new TableCell(source.Name),
        1 => new TableCell(WordOf(source.State), ToneOf(source.State)),
        2 => source.PeriodSeconds is { } period ? new TableCell(period > 0 ? Figures.Age(period) : "tick") : new TableCell(Figure.MissingText, Tone.Dim),
        _ => source.Reason is { } reason
            ? new TableCell(reason, ToneOf(source.State) == Tone.Good ? Tone.Dim : ToneOf(source.State))
            : new TableCell(Cost(source), Tone.Dim),
    };

    /// <summary>The time that a reading takes us, and what it costs the target.</summary>
    private static string Cost(SourceStatus source)
    {
        string ours = source.CostMilliseconds is { } took ? Figures.Nanoseconds(took * 1e6) : "";
        string theirs = source.CostToTarget is { } cost ? cost : "";
        return ours.Length > 0 && theirs.Length > 0 ? $"{ours}; {theirs}" : ours + theirs;
    }
}
