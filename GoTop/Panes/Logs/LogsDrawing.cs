using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

internal static class LogsDrawing
{
    public const int HeadRows = 1;
    public const int LeastHeightForRates = 12;

    private const int WidthForClock = 60;
    private const int OriginColumns = 14;

    public static void Draw(LogsView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        int width = context.Surface.Width;
        int end = ViewBar.Draw(view.Views, view.View, context.Slice(0, 0, width, Math.Min(1, context.Surface.Height)));
        context.Write(end + 2, 0, view.Status, view.StatusTone);
        int head = HeadRows;
        if (!view.Rates.IsEmpty) DrawRates(view, context.Slice(0, head++, width, 1));
        int rows = context.Surface.Height - head;
        if (rows <= 0) return;
        DrawContext body = context.Slice(0, head, width, rows);
        if (view.Table is { } table) Table.Draw(table, body);
        else if (view.Lines.IsEmpty) body.WriteWrapped(0, 0, width, rows, view.Empty, context.Theme.DimText);
        else DrawLines(view, body);
    }

    private static void DrawRates(LogsView view, DrawContext context)
    {
        int x = 0;
        foreach ((string text, Tone tone) in view.Rates) x = context.Write(x, 0, text, tone) + 3;
    }

    private static void DrawLines(LogsView view, DrawContext context)
    {
        int width = context.Surface.Width, rows = context.Surface.Height;
        bool clock = width >= WidthForClock;
        for (int i = 0; i < view.Lines.Length; i++)
        {
            LogEntry entry = view.Lines[i];
            int y = Math.Max(0, rows - view.Lines.Length) + i, x = 0;
            if (clock) x = context.Write(0, y, Figures.Clock(context.ToZone(entry.OwnTime ?? entry.Line.Time)), Tone.Dim) + 2;
            if (clock && view.ShowsOrigins)
            {
                context.Write(x, y, OriginColumns, LogWords.Origin(entry.Line.Origin), context.Theme.DimText, Fit.Start);
                x += OriginColumns + 2;
            }

            (string text, int fields) = LogWords.Shown(entry);
            int skip = Math.Min(view.Skip, text.Length), split = Math.Max(fields, skip);
            x = context.Write(x, y, width - x, text.AsSpan(skip, split - skip), context.Theme.Style(LogWords.ToneOf(entry.Level)));
            context.Write(x, y, width - x, text.AsSpan(split), context.Theme.DimText);
        }
    }
}
