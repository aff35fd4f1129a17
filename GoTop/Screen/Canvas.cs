using System.Text;

namespace GoTop.Screen;

/// <summary>One cell: a character that is one column wide, the first half of a wide one, or its empty second half.</summary>
public readonly record struct CanvasCell(Rune Glyph, Style Style)
{
    /// <summary>The second column of a wide character.</summary>
    public bool IsContinuation => Glyph.Value == 0;
}

/// <summary>
/// A grid of styled cells that panes draw on. It knows nothing of a terminal, so tests compare it whole.
/// Text outside of it is clipped; control characters become spaces.
/// </summary>
public sealed class Canvas
{
    private CanvasCell[] _cells;

    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _cells = new CanvasCell[width * height];
        Clear(default);
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public ref readonly CanvasCell this[int x, int y] => ref _cells[(y * Width) + x];

    public ReadOnlySpan<CanvasCell> Row(int y) => _cells.AsSpan(y * Width, Width);

    public Surface All => new(this, 0, 0, Width, Height);

    public void Resize(int width, int height)
    {
        Width = width;
        Height = height;
        _cells = new CanvasCell[width * height];
        Clear(default);
    }

    public void Clear(Style style) => Array.Fill(_cells, new CanvasCell(new Rune(' '), style));

    internal void Set(int x, int y, Rune glyph, Style style) => _cells[(y * Width) + x] = new CanvasCell(glyph, style);

    /// <summary>The text alone, a line each, without trailing spaces: for tests and plain frames.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        for (int y = 0; y < Height; y++)
        {
            int start = text.Length;
            foreach (ref readonly CanvasCell cell in Row(y))
            {
                if (!cell.IsContinuation) text.Append(cell.Glyph.ToString());
            }

            int end = text.Length;
            while (end > start && text[end - 1] == ' ') end--;
            text.Length = end;
            text.Append('\n');
        }

        return text.ToString();
    }
}
