using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

public enum Align : byte
{
    Left,
    Right,
}

/// <summary>Which part of a text too long for its place is given up.</summary>
public enum Fit : byte
{
    /// <summary>Its end.</summary>
    End,

    /// <summary>Its beginning: for paths, whose end tells more.</summary>
    Start,

    /// <summary>The import path before the package's name, then its end: for Go's function names.</summary>
    GoName,
}

/// <summary>Text on a surface, clipped to its place with an ellipsis. All text that panes show goes through here.</summary>
public static class Drawing
{
    /// <summary>No terminal is wider than this, so no longer text is worth cleaning.</summary>
    private const int LongestText = 1024;

    public static DrawContext Slice(this DrawContext context, int x, int y, int width, int height) =>
        context with { Surface = context.Surface.Slice(x, y, width, height) };

    public static int Write(this DrawContext context, int x, int y, ReadOnlySpan<char> text, Tone tone = Tone.Normal) =>
        context.Write(x, y, context.Surface.Width - x, text, context.Theme.Style(tone));

    /// <summary>Writes into a place of so many columns and returns the column after the text.</summary>
    public static int Write(
        this DrawContext context, int x, int y, int width, ReadOnlySpan<char> text, Style style, Fit fit = Fit.End, Align align = Align.Left)
    {
        width = Math.Min(width, context.Surface.Width - x);
        if (width <= 0 || text.IsEmpty) return x;
        Span<char> buffer = stackalloc char[LongestText];
        ReadOnlySpan<char> shown = PlainCells.Clean(text, buffer, context.Glyphs);
        int columns = PlainCells.Columns(shown);
        if (columns > width && fit == Fit.GoName)
        {
            shown = WithoutImportPath(shown);
            columns = PlainCells.Columns(shown);
        }

        if (columns <= width) return context.Surface.Write(align == Align.Right ? x + width - columns : x, y, shown, style);
        string ellipsis = context.Glyphs.Ellipsis;
        if (fit == Fit.Start)
        {
            x = context.Surface.Write(x, y, ellipsis, style);
            return context.Surface.Write(x, y, PlainCells.Suffix(shown, width - 1), style);
        }

        x = context.Surface.Write(x, y, PlainCells.Prefix(shown, width - 1), style);
        return context.Surface.Write(x, y, ellipsis, style);
    }

    /// <summary>Writes over several lines, broken at spaces, and returns how many it took.</summary>
    public static int WriteWrapped(
        this DrawContext context, int x, int y, int width, int lines, ReadOnlySpan<char> text, Style style)
    {
        int line = 0;
        text = text.Trim();
        while (!text.IsEmpty && line < lines && width > 0)
        {
            ReadOnlySpan<char> part = PlainCells.Prefix(text, width);
            if (part.Length == text.Length || line == lines - 1)
            {
                context.Write(x, y + line, width, text, style);
                return line + 1;
            }

            int space = text[..Math.Min(text.Length, part.Length + 1)].LastIndexOf(' ');
            if (space > 0) part = text[..space];
            if (part.IsEmpty) break;
            context.Write(x, y + line, width, part, style);
            text = text[part.Length..].TrimStart();
            line++;
        }

        return line;
    }

    /// <summary>How many lines <see cref="WriteWrapped"/> would take.</summary>
    public static int WrappedLines(int width, ReadOnlySpan<char> text)
    {
        int lines = 0;
        text = text.Trim();
        while (!text.IsEmpty && width > 0)
        {
            lines++;
            ReadOnlySpan<char> part = PlainCells.Prefix(text, width);
            if (part.Length == text.Length || part.IsEmpty) break;
            int space = text[..Math.Min(text.Length, part.Length + 1)].LastIndexOf(' ');
            if (space > 0) part = text[..space];
            text = text[part.Length..].TrimStart();
        }

        return lines;
    }

    /// <summary><c>github.com/acme/api/orders.(*Handler).Serve</c> → <c>orders.(*Handler).Serve</c>.</summary>
    public static ReadOnlySpan<char> WithoutImportPath(ReadOnlySpan<char> function)
    {
        // A slash inside brackets belongs to a type argument or a receiver, not to this function's package.
        int end = function.IndexOfAny('(', '[');
        int slash = (end < 0 ? function : function[..end]).LastIndexOf('/');
        return function[(slash + 1)..];
    }
}
