using System.Globalization;
using System.Text;
using GoTop.Screen;
using Terminal.Gui.Text;

namespace GoTop.Tests.Screen;

/// <summary>As much of a terminal as the frame writer uses: cursor moves, erase, SGR, wide characters, pending wrap.</summary>
internal sealed class TerminalModel(int width, int height)
{
    private readonly (Rune Glyph, string Style)[] _cells = [.. Enumerable.Repeat((new Rune(' '), "|0||"), width * height)];
    private int _x;
    private int _y;
    private string _foreground = "";
    private string _background = "";
    private Emphasis _emphasis;

    private string Style => string.Create(CultureInfo.InvariantCulture, $"|{(int)_emphasis}|{_foreground}|{_background}");

    /// <summary>What a terminal must show of a canvas: each cell with its style, blanks without a foreground.</summary>
    public static string Expected(Canvas canvas)
    {
        TerminalModel model = new(canvas.Width, canvas.Height);
        for (int y = 0; y < canvas.Height; y++)
        {
            for (int x = 0; x < canvas.Width; x++)
            {
                CanvasCell cell = canvas[x, y];
                bool wide = cell.Glyph.Value > 127 && cell.Glyph.GetColumns() > 1;
                bool whole = !wide || (x + 1 < canvas.Width && canvas[x + 1, y].IsContinuation);
                Rune glyph = cell.IsContinuation || !whole ? new Rune(' ') : cell.Glyph;
                string style = string.Create(CultureInfo.InvariantCulture, $"|{(int)cell.Style.Emphasis}|{Colour(cell.Style.Foreground)}|{Colour(cell.Style.Background)}");
                model._cells[(y * canvas.Width) + x] = (glyph, style);
                if (!wide || !whole) continue;
                x++;
                model._cells[(y * canvas.Width) + x] = (default, style);
            }
        }

        return model.ToString();
    }

    public void Feed(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
            {
                int end = i + 2;
                while (!char.IsAsciiLetter(text[end])) end++;
                Sequence(text[(i + 2)..end].ToString(), text[end]);
                i = end;
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out Rune glyph, out int used);
            i += used - 1;
            Put(glyph);
        }
    }

    public override string ToString()
    {
        StringBuilder text = new();
        for (int i = 0; i < _cells.Length; i++)
        {
            (Rune glyph, string style) = _cells[i];
            // A blank shows no foreground and no weight.
            if (glyph.Value == ' ') style = style[style.LastIndexOf('|')..];
            text.Append(glyph.Value == 0 ? "<" : glyph.ToString()).Append(style).Append(i % width == width - 1 ? '\n' : ' ');
        }

        return text.ToString();
    }

    private static string Colour(Paint paint) => paint.IsDefault ? "" : string.Create(CultureInfo.InvariantCulture, $"{paint.R},{paint.G},{paint.B}");

    private void Put(Rune glyph)
    {
        if (_x >= width) throw new InvalidOperationException("written beyond the last column");
        int at = (_y * width) + _x;
        // Overwriting one half of a wide character blanks the other.
        if (_cells[at].Glyph.Value == 0) _cells[at - 1].Glyph = new Rune(' ');
        bool wide = glyph.Value > 127 && glyph.GetColumns() > 1;
        int last = wide ? at + 1 : at;
        if (_x + (last - at) + 1 < width && _cells[last + 1].Glyph.Value == 0) _cells[last + 1].Glyph = new Rune(' ');
        _cells[at] = (glyph, Style);
        if (wide) _cells[last] = (default, Style);
        _x += wide ? 2 : 1;
    }

    private void Sequence(string parameters, char final)
    {
        if (parameters.StartsWith('?')) return;
        int[] numbers = [.. parameters.Split(';').Select(text => text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture))];
        switch (final)
        {
            case 'H':
                _y = Math.Max(1, numbers[0]) - 1;
                _x = numbers.Length > 1 ? numbers[1] - 1 : 0;
                break;
            case 'C':
                _x += Math.Max(1, numbers[0]);
                break;
            case 'J':
                Array.Fill(_cells, (new Rune(' '), Style));
                break;
            case 'm':
                Graphics(numbers);
                break;
            default:
                throw new NotSupportedException($"CSI {parameters} {final}");
        }
    }

    private void Graphics(int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            switch (numbers[i])
            {
                case 0: (_emphasis, _foreground, _background) = (default, "", ""); break;
                case 1: _emphasis |= Emphasis.Bold; break;
                case 2: _emphasis |= Emphasis.Dim; break;
                case 22: _emphasis &= ~(Emphasis.Bold | Emphasis.Dim); break;
                case 38 or 48:
                    string colour = string.Join(',', numbers[(i + 2)..(i + 5)]);
                    if (numbers[i] == 38) _foreground = colour;
                    else _background = colour;
                    i += 4;
                    break;
                default: throw new NotSupportedException($"SGR {numbers[i]}");
            }
        }
    }
}
