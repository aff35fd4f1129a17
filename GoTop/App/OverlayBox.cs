using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.App;

/// <summary>An opaque box with a border and a title in the middle of a surface.</summary>
internal static class OverlayBox
{
    /// <returns>The inside.</returns>
    public static Surface Draw(DrawContext context, int width, int height, string title, int? top = null)
    {
        (Surface all, Theme theme, GlyphSet glyphs) = (context.Surface, context.Theme, context.Glyphs);
        width = Math.Min(width, all.Width);
        height = Math.Min(height, all.Height);
        Surface box = all.Slice((all.Width - width) / 2, top ?? (all.Height - height) / 2, width, height);
        box.Fill(theme.Text);
        Style line = new(theme.Border, theme.Background);
        for (int x = 1; x < box.Width - 1; x++)
        {
            box.Put(x, 0, new(glyphs.Horizontal), line);
            box.Put(x, box.Height - 1, new(glyphs.Horizontal), line);
        }

        for (int y = 1; y < box.Height - 1; y++)
        {
            box.Put(0, y, new(glyphs.Vertical), line);
            box.Put(box.Width - 1, y, new(glyphs.Vertical), line);
        }

        box.Put(0, 0, new(glyphs.TopLeft), line);
        box.Put(box.Width - 1, 0, new(glyphs.TopRight), line);
        box.Put(0, box.Height - 1, new(glyphs.BottomLeft), line);
        box.Put(box.Width - 1, box.Height - 1, new(glyphs.BottomRight), line);
        box.Slice(2, 0, box.Width - 4, 1).Write(0, 0, $" {title} ", theme.TitleText);
        return box.Slice(1, 1, box.Width - 2, box.Height - 2);
    }
}
