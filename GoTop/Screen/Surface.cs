using System.Text;
using Terminal.Gui.Text;

namespace GoTop.Screen;

/// <summary>A rectangle of a canvas with its own origin; drawing outside of it has no effect.</summary>
public readonly struct Surface(Canvas canvas, int left, int top, int width, int height)
{
    public int Width { get; } = Math.Max(0, width);

    public int Height { get; } = Math.Max(0, height);

    /// <summary>A part of this surface, clipped to it.</summary>
    public Surface Slice(int x, int y, int width, int height)
    {
        int x0 = Math.Clamp(x, 0, Width), y0 = Math.Clamp(y, 0, Height);
        int x1 = Math.Clamp(x + width, x0, Width), y1 = Math.Clamp(y + height, y0, Height);
        return new Surface(canvas, left + x0, top + y0, x1 - x0, y1 - y0);
    }

    public void Fill(Style style, char glyph = ' ')
    {
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++) canvas.Set(left + x, top + y, new Rune(glyph), style);
        }
    }

    public void Put(int x, int y, Rune glyph, Style style)
    {
        if ((uint)x < (uint)Width && (uint)y < (uint)Height) canvas.Set(left + x, top + y, glyph, style);
    }

    /// <summary>Writes text from column x on, clipped at the right edge, and returns the column after it.</summary>
    public int Write(int x, int y, ReadOnlySpan<char> text, Style style)
    {
        if ((uint)y >= (uint)Height) return x;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune shown = Rune.IsControl(rune) ? new Rune(' ') : rune;
            int columns = shown.IsAscii ? 1 : shown.GetColumns();
            if (columns <= 0) continue;
            if (x + columns > Width) break;
            if (x >= 0)
            {
                canvas.Set(left + x, top + y, shown, style);
                if (columns == 2) canvas.Set(left + x + 1, top + y, default, style);
            }

            x += columns;
        }

        return x;
    }
}
