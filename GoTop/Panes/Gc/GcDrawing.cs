using GoTop.Widgets;

namespace GoTop.Panes.Gc;

internal static class GcDrawing
{
    private const int LabelWidth = 16;
    private const int ValueWidth = 9;

    public static void Draw(GcView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        if (width < 60 || height < 14) FigureList.Draw(context, view.Figures, view.History);
        else if (width >= 110 && height >= 28) DrawRoomy(view, context);
        else DrawCompact(view, context);
    }

    private static void DrawRoomy(GcView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height, left = width * 3 / 5;
        int third = height >= 40 ? height / 4 : 0, second = Math.Max(view.Memory.Length, 10) + 2, first = height - second - third;
        Heap(view, context.Slice(0, 0, left, first), true);
        FigureBox(view, context.Slice(left + 1, 0, width - left - 1, first), true);
        Memory(view, context.Slice(0, first, left, second), true);
        Pauses(view, context.Slice(left + 1, first, width - left - 1, second), true);
        if (third == 0) return;
        int half = width / 2;
        BrailleCurve.Draw(view.GcCpu!, Box.Framed(context.Slice(0, first + second, half, third), "GC CPU"));
        BrailleCurve.Draw(view.Allocation!, Box.Framed(context.Slice(half + 1, first + second, width - half - 1, third), "Allocation rate"));
    }

    private static void DrawCompact(GcView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height, half = (width - 2) / 2;
        int heap = Math.Max(6, height * 2 / 5), below = height - heap;
        Heap(view, context.Slice(0, 0, width, heap), false);
        FigureBox(view, context.Slice(0, heap, half, below), false);
        DrawContext right = context.Slice(half + 2, heap, width - half - 2, below);
        int memory = Math.Min(below, view.Memory.Length + Box.Rows(false));
        Memory(view, right.Slice(0, 0, right.Surface.Width, memory), false);
        Pauses(view, right.Slice(0, memory, right.Surface.Width, below - memory), false);
    }

    private static void Heap(GcView view, DrawContext context, bool framed) =>
        BrailleCurve.Draw(view.Heap!, Box.Draw(context, framed, "Heap"));

    private static void FigureBox(GcView view, DrawContext context, bool framed) =>
        FigureList.Draw(Box.Draw(context, framed, "Collector"), view.Figures, view.History);

    private static void Memory(GcView view, DrawContext context, bool framed)
    {
        DrawContext inside = Box.Draw(context, framed, "Resident memory", view.MemoryTitle);
        int bar = inside.Surface.Width - LabelWidth - ValueWidth - 2;
        for (int i = 0; i < view.Memory.Length && i < inside.Surface.Height; i++)
        {
            MemoryRow row = view.Memory[i];
            inside.Write(0, i, LabelWidth, row.Label, inside.Theme.DimText);
            inside.Write(LabelWidth, i, ValueWidth, row.Value.Text, inside.Theme.Style(row.Value.Tone), Fit.End, Align.Right);
            int x = LabelWidth + ValueWidth + 2;
            if (row.Value.Reason is { } reason) inside.Write(x, i, bar, reason, inside.Theme.DimText);
            else if (bar >= 4) Bar.Draw(inside, x, i, bar, row.Bytes / view.MemoryWholeBytes);
        }
    }

    private static void Pauses(GcView view, DrawContext context, bool framed)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Draw(context, framed, view.PausesTitle, view.PausesRight);
        int note = 0;
        if (view.PausesNote is { } text)
            note = inside.WriteWrapped(0, 0, inside.Surface.Width, Math.Min(2, inside.Surface.Height), text, inside.Theme.Style(view.Pauses.IsEmpty ? Tone.Dim : Tone.Warning));
        Histogram.Draw(view.Pauses, inside.Slice(0, note, inside.Surface.Width, inside.Surface.Height - note));
    }
}
