using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.Widgets;

/// <summary>A labelled figure.</summary>
/// <param name="Past">Its past, for a sparkline where there is room.</param>
/// <param name="Note">A word more, where there is room; it takes the sparkline's place.</param>
public sealed record FigureRow(string Label, Figure Value, NamedFigure? Past = null, string? Note = null);

/// <summary>
/// Labelled figures below one another. One that is absent shows its reason in the place of its past; where many are
/// absent for the same reason, it is said once.
/// </summary>
public static class FigureList
{
    private const int NarrowestSparkline = 5;

    /// <summary>From so many rows on, a reason is told once for all.</summary>
    private const int Many = 3;

    public static void Draw(DrawContext context, ImmutableArray<FigureRow> rows, HistoryView history)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (rows.IsEmpty || width < 4) return;
        int y = 0;
        if (SharedReason(rows) is { } reason)
        {
            ImmutableArray<FigureRow> absent = [.. rows.Where(row => IsAbsentFor(row, reason))];
            rows = rows.RemoveRange(absent);
            // A reason for most of them comes first; one for some is a footnote that names them.
            if (absent.Length > rows.Length)
            {
                y = context.WriteWrapped(0, 0, width, Math.Max(2, height - rows.Length), reason, context.Theme.DimText);
            }
            else
            {
                int foot = Math.Max(1, height - rows.Length);
                string names = string.Join(", ", absent.Select(row => row.Label));
                context.WriteWrapped(0, height - foot, width, foot, $"{names}: {reason}", context.Theme.DimText);
                height -= foot;
            }
        }

        int labels = 0, values = 1, shown = Math.Min(rows.Length, height - y);
        for (int i = 0; i < shown; i++)
        {
            labels = Math.Max(labels, rows[i].Label.Length);
            values = Math.Max(values, PlainCells.Columns(rows[i].Value.Text));
        }

        // A long text (a module path) is not to push all numbers away from their labels.
        labels = Math.Min(labels, Math.Max(3, width - 8));
        values = Math.Min(values, Math.Min(12, width - labels - 1));
        for (int i = 0; i < shown; i++) DrawRow(context, rows[i], history, y + i, labels, values);
    }

    private static void DrawRow(DrawContext context, FigureRow row, HistoryView history, int y, int labels, int values)
    {
        int width = context.Surface.Width;
        context.Write(0, y, labels, row.Label, context.Theme.DimText);
        int x = labels + 1;
        if (PlainCells.Columns(row.Value.Text) > values)
        {
            context.Write(x, y, width - x, row.Value.Text, context.Theme.Style(row.Value.Tone), Fit.GoName);
            return;
        }

        context.Write(x, y, values, row.Value.Text, context.Theme.Style(row.Value.Tone), Fit.End, Align.Right);
        x += values + 2;
        int room = width - x;
        // An old figure is shown dim; its past and its note are still true.
        if (row.Value is { Reason: { } reason, IsMissing: var missing } && (missing || (row.Past is null && row.Note is null)))
        {
            if (room >= 4) context.Write(x, y, room, PlainCells.Columns(reason) > room ? Brief(reason, missing) : reason, context.Theme.DimText);
        }
        else if (row.Note is { } note && PlainCells.Columns(note) <= room)
        {
            context.Write(x, y, room, note, context.Theme.DimText);
        }
        else if (row.Past is { } past && room >= NarrowestSparkline)
        {
            Sparkline.Draw(context, x, y, room, history[past], past.Unit);
        }
    }

    /// <summary>Of "not supported: no quota" what stood in the way tells more; of "stale: process 42 has ended" the kind does.</summary>
    private static string Brief(string reason, bool missing)
    {
        int colon = reason.IndexOf(": ", StringComparison.Ordinal);
        return colon <= 0 ? reason : missing ? reason[(colon + 2)..] : reason[..colon];
    }

    private static bool IsAbsentFor(FigureRow row, string reason) => row.Value.IsMissing && row.Value.Reason == reason;

    /// <summary>The reason for which most are absent, where it is for all of them or for many.</summary>
    private static string? SharedReason(ImmutableArray<FigureRow> rows)
    {
        foreach (FigureRow row in rows)
        {
            if (!row.Value.IsMissing || row.Value.Reason is not { } reason) continue;
            int same = rows.Count(other => IsAbsentFor(other, reason));
            if (same >= Many || same == rows.Length) return reason;
        }

        return null;
    }
}
