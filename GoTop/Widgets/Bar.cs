using System.Text;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>A part of a stacked bar.</summary>
/// <param name="Share">Of the whole bar, 0–1.</param>
/// <param name="Glyph">Tells the part from its neighbours where there are no colours.</param>
public readonly record struct BarPart(double Share, Paint Paint, char Glyph);

/// <summary>Bars that fill from the left.</summary>
public static class Bar
{
    /// <summary>One value, in the theme's gradient.</summary>
    /// <param name="share">0–1; what is beyond is cut.</param>
    public static void Draw(DrawContext context, int x, int y, int width, double share)
    {
        int filled = (int)Math.Round(Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * width);
        for (int i = 0; i < width; i++)
        {
            bool on = i < filled;
            Style style = on
                ? new Style(context.Theme.Graph(width > 1 ? i / (width - 1.0) : 0), context.Theme.Background)
                : context.Theme.DimText;
            context.Surface.Put(x + i, y, new Rune(on ? context.Glyphs.FilledBar : context.Glyphs.EmptyBar), style);
        }
    }

    /// <summary>Parts one after another. Each ends where the sum so far rounds to, so the whole is never too long.</summary>
    public static void DrawStacked(DrawContext context, int x, int y, int width, ReadOnlySpan<BarPart> parts, char empty)
    {
        double sum = 0;
        int cell = 0;
        foreach (BarPart part in parts)
        {
            sum += double.IsNaN(part.Share) ? 0 : Math.Max(0, part.Share);
            int end = (int)Math.Round(Math.Min(1, sum) * width);
            for (; cell < end; cell++) context.Surface.Put(x + cell, y, new Rune(part.Glyph), new Style(part.Paint, context.Theme.Background));
        }

        for (; cell < width; cell++) context.Surface.Put(x + cell, y, new Rune(empty), context.Theme.DimText);
    }
}
