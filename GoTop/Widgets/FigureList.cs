using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.Widgets;

/// <summary>A labelled figure.</summary>
/// <param name="Past">Its past, for a sparkline where there is room.</param>
/// <param name="Note">A word more, where there is room; it takes the sparkline's place.</param>
public sealed record FigureRow(string Label, Figure Value, Series? Past = null, string? Note = null);

/// <summary>Labelled figures below one another. One that is absent shows its reason in the place of its past.</summary>
public static class FigureList
{
    private const int NarrowestSparkline = 5;

    public static void Draw(DrawContext context, ImmutableArray<FigureRow> rows, HistoryView history)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (rows.IsEmpty || width < 4) return;
        if (SharedReason(rows) is { } reason)
        {
            context.WriteWrapped(0, 0, width, height, reason, context.Theme.DimText);
            return;
        }

        int labels = 0, values = 1;
        foreach (FigureRow row in rows)
        {
            labels = Math.Max(labels, row.Label.Length);
            values = Math.Max(values, PlainCells.Columns(row.Value.Text));
        }

        // A long text (a module path) is not to push all numbers away from their labels.
        labels = Math.Min(labels, Math.Max(3, width - 8));
        values = Math.Min(values, Math.Min(12, width - labels - 1));
        for (int y = 0; y < rows.Length && y < height; y++) DrawRow(context, rows[y], history, y, labels, values);
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
        string? note = row.Value.Reason ?? row.Note;
        if (note is not null)
        {
            if (room >= 4) context.Write(x, y, room, note, context.Theme.DimText);
        }
        else if (row.Past is { } past && room >= NarrowestSparkline)
        {
            Sparkline.Draw(context, x, y, room, history[past], past.Unit);
        }
    }

    /// <summary>Where all are absent for one reason, it is said once, in full.</summary>
    private static string? SharedReason(ImmutableArray<FigureRow> rows)
    {
        string? reason = rows[0].Value.Reason;
        foreach (FigureRow row in rows)
        {
            if (!row.Value.IsMissing || row.Value.Reason != reason) return null;
        }

        return reason;
    }
}
