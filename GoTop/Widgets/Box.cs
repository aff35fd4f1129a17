using System.Text;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>A titled part of a pane.</summary>
public static class Box
{
    /// <summary>A frame all round; returns its inside.</summary>
    public static DrawContext Framed(DrawContext context, string title, string? right = null)
    {
        Surface surface = context.Surface;
        int w = surface.Width, h = surface.Height;
        if (w < 4 || h < 3) return context.Slice(0, 0, w, h);
        GlyphSet g = context.Glyphs;
        Style line = new(context.Theme.Border, context.Theme.Background);
        for (int x = 1; x < w - 1; x++)
        {
            surface.Put(x, 0, new Rune(g.Horizontal), line);
            surface.Put(x, h - 1, new Rune(g.Horizontal), line);
        }

        for (int y = 1; y < h - 1; y++)
        {
            surface.Put(0, y, new Rune(g.Vertical), line);
            surface.Put(w - 1, y, new Rune(g.Vertical), line);
        }

        surface.Put(0, 0, new Rune(g.TopLeft), line);
        surface.Put(w - 1, 0, new Rune(g.TopRight), line);
        surface.Put(0, h - 1, new Rune(g.BottomLeft), line);
        surface.Put(w - 1, h - 1, new Rune(g.BottomRight), line);
        Title(context, title, right, 2, w - 2);
        return context.Slice(2, 1, w - 4, h - 2);
    }

    /// <summary>A rule above only, where room is short; returns what is below it.</summary>
    public static DrawContext Ruled(DrawContext context, string title, string? right = null)
    {
        Surface surface = context.Surface;
        if (surface.Height < 1) return context;
        Style line = new(context.Theme.Border, context.Theme.Background);
        for (int x = 0; x < surface.Width; x++) surface.Put(x, 0, new Rune(context.Glyphs.Horizontal), line);
        Title(context, title, right, 1, surface.Width - 1);
        return context.Slice(0, 1, surface.Width, surface.Height - 1);
    }

    public static DrawContext Draw(DrawContext context, bool framed, string title, string? right = null) =>
        framed ? Framed(context, title, right) : Ruled(context, title, right);

    /// <summary>Rows that a box takes beyond those inside it.</summary>
    public static int Rows(bool framed) => framed ? 2 : 1;

    private static void Title(DrawContext context, string title, string? right, int from, int to)
    {
        int end = context.Write(from, 0, Math.Max(0, to - from), $" {title} ", context.Theme.TitleText);
        if (right is null) return;
        string text = $" {right} ";
        int start = to - PlainCells.Columns(text);
        if (start > end) context.Write(start, 0, to - start, text, context.Theme.DimText);
    }
}
