using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Screen;
using GoTop.Themes;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

internal static class CoresDrawing
{
    private const string UnicodeParts = "█▓▒░▚";
    private const string AsciiParts = "#=-i!";

    /// <summary>Of a core for which its parts are also written in figures, and of those.</summary>
    private const int NarrowestWithFigures = 110;
    private const int FiguresWidth = 76;

    private static readonly string[] PartNames = ["user", "system", "I/O wait", "interrupts", "stolen"];

    public static void Draw(CoresView view, ImmutableArray<string> views, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = Math.Max(0, context.Surface.Height - CoresLayout.HeadRows);
        ViewBar.Draw(views, view.View, context);
        context = context.Slice(0, CoresLayout.HeadRows, width, height);
        if (view.View > 0)
        {
            DrawTable(view, context);
            return;
        }

        CoresLayout layout = CoresLayout.Of(width, height, view.Lines.Length, view.Procs.Length);
        for (int i = 0; i < layout.WordRows && i < view.Words.Length; i++) context.Write(0, i, view.Words[i].Text, view.Words[i].Tone);
        DrawContext below = context.Slice(0, layout.WordRows, width, height - layout.WordRows);
        DrawContext cores = Box.Ruled(below, view.Allowed is null ? "Cores" : $"Cores, {context.Glyphs.Bullet} allowed");
        if (width >= 76) DrawLegend(below);
        DrawCores(view, cores.Slice(0, 0, width, layout.CoreRows));
        if (layout.CurveRows > 0 && view.Curve is { } curve)
        {
            DrawContext middle = below.Slice(0, below.Surface.Height - layout.ProcRows - layout.CurveRows, width, layout.CurveRows);
            BrailleCurve.Draw(curve, Box.Ruled(middle, "CPU of the target, 100% is one core"));
        }

        ProcGrid.Draw(view.Procs, view.ProcsMissing, view.ProcsTitle, below.Slice(0, below.Surface.Height - layout.ProcRows, width, layout.ProcRows));
    }

    private static void DrawTable(CoresView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height, words = CoresLayout.WordsAbove(height);
        for (int i = 0; i < words && i < view.Words.Length; i++) context.Write(0, i, view.Words[i].Text, view.Words[i].Tone);
        DrawContext inside = Box.Ruled(context.Slice(0, words, width, height - words), view.TableTitle);
        if (view.CoresMissing is { } missing) inside.WriteWrapped(0, 0, width, Math.Max(0, inside.Surface.Height), missing, inside.Theme.DimText);
        else if (view.Table is { } table) Table.Draw(table, inside);
    }

    private static void DrawLegend(DrawContext context)
    {
        int length = PartNames.Sum(name => name.Length + 4), x = context.Surface.Width - length - 1;
        for (int i = 0; i < PartNames.Length; i++)
        {
            x = context.Write(x, 0, 2, $" {Glyph(context.Glyphs, i)}", new Style(PaintOf(context.Theme, i), context.Theme.Background));
            x = context.Write(x, 0, $" {PartNames[i]} ", Tone.Dim);
        }
    }

    private static void DrawCores(CoresView view, DrawContext context)
    {
        int width = context.Surface.Width;
        if (view.CoresMissing is { } missing)
        {
            context.WriteWrapped(0, 0, width, Math.Max(1, context.Surface.Height), missing, context.Theme.DimText);
            return;
        }

        int columns = view.Columns;
        for (int i = 0; i < context.Surface.Height && view.Top + i < view.Lines.Length; i++)
        {
            CoreLine line = view.Lines[view.Top + i];
            if (line.Heading is { } heading)
            {
                context.Write(0, i, heading, Tone.Title);
                continue;
            }

            for (int column = 0; column < line.Cores.Length; column++)
            {
                int x = width * column / columns, end = width * (column + 1) / columns;
                DrawCore(view, line.Cores[column], context.Slice(x, i, end - x - (columns > 1 ? 2 : 0), 1));
            }
        }
    }

    private static void DrawCore(CoresView view, CoreLoad core, DrawContext context)
    {
        const int LabelWidth = 6, ValueWidth = 6;
        int width = context.Surface.Width;
        bool allowed = view.Allowed?.Contains(core.Core.Id) ?? false;
        if (allowed) context.Write(0, 0, 1, context.Glyphs.Bullet, context.Theme.Style(Tone.Good));
        Style label = context.Theme.Style(allowed || view.Allowed is null ? Tone.Normal : Tone.Dim);
        context.Write(1, 0, LabelWidth - 2, Figures.Invariant($"{core.Core.Id}"), label, Fit.End, Align.Right);
        context.Write(LabelWidth - 1, 0, ValueWidth, Figures.Percent(core.BusyPercent), label, Fit.End, Align.Right);
        Span<double> shares = [core.UserPercent, core.SystemPercent, core.IoWaitPercent, core.InterruptPercent, core.StealPercent];
        Span<BarPart> parts = stackalloc BarPart[shares.Length];
        for (int i = 0; i < shares.Length; i++) parts[i] = new BarPart(shares[i] / 100, PaintOf(context.Theme, i), Glyph(context.Glyphs, i));
        bool inFigures = width >= NarrowestWithFigures;
        int bar = width - LabelWidth - ValueWidth - (inFigures ? FiguresWidth : 0);
        Bar.DrawStacked(context, LabelWidth + ValueWidth, 0, bar, parts, context.Glyphs.Braille ? '·' : '.');
        if (!inFigures) return;
        int at = LabelWidth + ValueWidth + bar;
        for (int i = 0; i < shares.Length; i++)
        {
            context.Write(at, 0, 7, Figures.Percent(shares[i]), context.Theme.Style(shares[i] >= 0.05 ? Tone.Normal : Tone.Dim), Fit.End, Align.Right);
            at = context.Write(at + 8, 0, PartNames[i], Tone.Dim);
        }
    }

    private static char Glyph(GlyphSet glyphs, int part) => (glyphs.Braille ? UnicodeParts : AsciiParts)[part];

    private static Paint PaintOf(Theme theme, int part) => part switch
    {
        0 => theme.GraphLow,
        1 => theme.GraphMiddle,
        2 => theme.GraphSecond,
        3 => theme.GraphThird,
        _ => theme.GraphHigh,
    };
}
