using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>What memory tells, where it has the place to itself.</summary>
internal static class MemoryDrawing
{
    private const int WordRows = 2;

    public static void Draw(MemoryPart memory, HistoryView history, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (width < 60 || height < 14)
        {
            FigureList.Draw(context, memory.Rows, history);
            return;
        }

        bool framed = width >= 110 && height >= 28;
        for (int i = 0; i < WordRows; i++) context.Write(0, i, memory.Fit[i].Text, memory.Fit[i].Tone);
        DrawContext below = context.Slice(0, WordRows, width, height - WordRows);
        height = below.Surface.Height;
        int gap = framed ? 1 : 2, half = (width - gap) / 2;
        int procs = Math.Min(ProcGrid.Rows(width, memory.Procs.Length), height / 4), upper = (height - procs) / 2, lower = height - procs - upper;
        DurationDrawing.Draw(memory.Recent, below.Slice(0, 0, half, upper), framed);
        DurationDrawing.Draw(memory.Longer, below.Slice(half + gap, 0, width - half - gap, upper), framed);
        FigureList.Draw(Box.Draw(below.Slice(0, upper, half, lower), framed, "Now"), memory.Rows, history);
        DurationDrawing.Draw(memory.Stops, below.Slice(half + gap, upper, width - half - gap, lower), framed);
        ProcGrid.Draw(memory.Procs, memory.ProcsMissing, memory.Queues, below.Slice(0, upper + lower, width, procs));
    }
}
