using System.Globalization;

namespace GoTop.Screen;

/// <summary>Keeps track of the terminal's current colours and emphasis, and encodes the smallest change to others (SGR, ECMA-48 8.3.117).</summary>
public sealed class SgrEncoder(ColourDepth depth)
{
    private readonly char[] _buffer = new char[96];
    private Style _current;
    private int _length;

    /// <summary>The terminal has just been told SGR 0.</summary>
    public void Reset() => _current = default;

    /// <summary>The cell would look right as things are. A space shows no foreground.</summary>
    public bool Shows(CanvasCell cell)
    {
        Style wanted = Reduced(cell.Style);
        return wanted == _current || (IsBlank(cell) && wanted.Background == _current.Background && !HasInk(_current.Emphasis) && !HasInk(wanted.Emphasis));
    }

    /// <summary>The sequence that makes this cell look right. Good until the next call.</summary>
    public ReadOnlySpan<char> ChangeTo(CanvasCell cell)
    {
        Style wanted = Reduced(cell.Style);
        // The foreground of a blank is left as it is: likely the next visible cell has it.
        if (IsBlank(cell) && !HasInk(wanted.Emphasis)) wanted = wanted with { Foreground = _current.Foreground };
        _length = 0;
        Text("\e[");
        if (wanted == default)
        {
            Text("m");
        }
        else
        {
            ChangeEmphasis(_current.Emphasis, wanted.Emphasis);
            if (wanted.Foreground != _current.Foreground) Colour(wanted.Foreground, 30);
            if (wanted.Background != _current.Background) Colour(wanted.Background, 40);
            _buffer[_length - 1] = 'm';
        }

        _current = wanted;
        return _buffer.AsSpan(0, _length);
    }

    private static bool IsBlank(CanvasCell cell) => cell.Glyph.Value == ' ';

    private static bool HasInk(Emphasis emphasis) => (emphasis & (Emphasis.Underline | Emphasis.Reverse)) != 0;

    /// <summary>The colours that the terminal will really be told, so that equal ones are not told twice.</summary>
    private Style Reduced(Style style) =>
        depth == ColourDepth.None ? new Style(default, default, style.Emphasis) : style;

    private void ChangeEmphasis(Emphasis from, Emphasis to)
    {
        if (from == to) return;
        // 22 ends both bold and dim.
        if ((from & ~to & (Emphasis.Bold | Emphasis.Dim)) != 0)
        {
            Text("22;");
            from &= ~(Emphasis.Bold | Emphasis.Dim);
        }

        Switch(Emphasis.Bold, "1;", "");
        Switch(Emphasis.Dim, "2;", "");
        Switch(Emphasis.Italic, "3;", "23;");
        Switch(Emphasis.Underline, "4;", "24;");
        Switch(Emphasis.Reverse, "7;", "27;");

        void Switch(Emphasis one, string on, string off)
        {
            bool was = (from & one) != 0, wanted = (to & one) != 0;
            if (was != wanted) Text(wanted ? on : off);
        }
    }

    /// <param name="first">30 for the foreground, 40 for the background.</param>
    private void Colour(Paint paint, int first)
    {
        if (paint.IsDefault)
        {
            Number(first + 9);
            return;
        }

        switch (depth)
        {
            case ColourDepth.TrueColour:
                Number(first + 8);
                Number(2);
                Number(paint.R);
                Number(paint.G);
                Number(paint.B);
                break;
            case ColourDepth.TwoHundredFiftySix:
                Number(first + 8);
                Number(5);
                Number(ColourPalette.Nearest256(paint));
                break;
            default:
                int index = ColourPalette.Nearest16(paint);
                Number(index < 8 ? first + index : first + 60 + index - 8);
                break;
        }
    }

    private void Number(int value)
    {
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
        _buffer[_length++] = ';';
    }

    private void Text(string text)
    {
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }
}
