using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>The Ps side by side, with what each does and what waits for it; below a rule.</summary>
internal static class ProcGrid
{
    private const int ProcWidth = 18;
    private const int NarrowestWithTitle = 100;

    public static int Columns(int width) => Math.Max(1, width / ProcWidth);

    /// <summary>Rows that so many take, with the rule above them.</summary>
    public static int Rows(int width, int procs) => Box.Rows(false) + Math.Max(1, (procs + Columns(width) - 1) / Columns(width));

    /// <summary>What waits for a P, in words.</summary>
    public static string Queues(GoFigures go)
    {
        string queue = go.RunQueue.TryGet(out long waiting) ? $"{Figures.Counted(waiting, "goroutine")} ready but not running" : "";
        string global = go.Counters.GlobalRunQueue.TryGet(out int shared) ? $", {Figures.Count(shared)} of them in the global queue" : "";
        return queue + global;
    }

    /// <param name="missing">Why there are none.</param>
    /// <param name="title">Said at the right of the rule, where it is long enough.</param>
    public static void Draw(ImmutableArray<ProcCounters> procs, string? missing, string title, DrawContext context)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Ruled(
            context, procs.IsEmpty ? "Ps" : $"{Figures.Counted(procs.Length, "P")}: state, run queue", title.Length > 0 && context.Surface.Width >= NarrowestWithTitle ? title : null);
        int width = inside.Surface.Width, height = inside.Surface.Height, columns = Columns(width);
        if (missing is not null)
        {
            inside.WriteWrapped(0, 0, width, height, missing, inside.Theme.DimText);
            return;
        }

        int rows = (procs.Length + columns - 1) / columns;
        for (int i = 0; i < procs.Length; i++)
        {
            if (i % rows < height) DrawProc(procs[i], inside.Slice(i / rows * ProcWidth, i % rows, ProcWidth, 1));
        }
    }

    private static void DrawProc(ProcCounters proc, DrawContext context)
    {
        (string word, Tone tone) = proc.Status switch
        {
            ProcStatus.Running => ("running", Tone.Good),
            ProcStatus.Syscall => ("syscall", Tone.Warning),
            ProcStatus.GcStop => ("GC stop", Tone.Warning),
            ProcStatus.Dead => ("dead", Tone.Dim),
            _ => ("idle", Tone.Dim),
        };
        context.Write(0, 0, 4, Figures.Invariant($"P{proc.Id}"), context.Theme.Text);
        context.Write(5, 0, 7, word, context.Theme.Style(tone));
        context.Write(12, 0, 4, Figures.Count(proc.RunQueue), context.Theme.Style(proc.RunQueue > 0 ? Tone.Normal : Tone.Dim), Fit.End, Align.Right);
    }
}
