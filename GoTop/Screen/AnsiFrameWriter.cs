using System.Text;
using Terminal.Gui.Text;

namespace GoTop.Screen;

/// <summary>
/// Turns canvases into the shortest escape sequences that change what the terminal shows now into the next frame. It
/// keeps a copy of what the terminal shows, so nothing else may write to the terminal between frames; after anything
/// has, call <see cref="Invalidate"/>.
/// </summary>
/// <param name="unicode">False replaces what is not ASCII by question marks: such a terminal would show rubbish.</param>
public sealed class AnsiFrameWriter(ColourDepth depth, bool unicode)
{
    /// <summary>Unchanged cells between two changed ones are sent again when that is no longer than a cursor move.</summary>
    private const int LongestBridge = 4;

    /// <summary>A short frame is shown at once anyway; a long one is bracketed as a synchronized update (mode 2026).</summary>
    private const int ShortFrame = 256;
    private const string BeginSynchronized = "\e[?2026h";
    private const string EndSynchronized = "\e[?2026l";

    private readonly SgrEncoder _sgr = new(depth);
    private CanvasCell[] _shown = [];
    private int _width;
    private int _height;
    private bool _valid;
    private int _cursorX;
    private int _cursorY;
    private char[] _buffer = new char[16 * 1024];
    private int _length;

    /// <summary>Says that the terminal's content, colours and cursor are unknown: the next frame is written whole.</summary>
    public void Invalidate() => _valid = false;

    /// <summary>What to send, in one write; empty when nothing has changed. Good until the next call.</summary>
    public ReadOnlySpan<char> Frame(Canvas canvas)
    {
        _length = 0;
        Append(BeginSynchronized);
        if (!_valid || canvas.Width != _width || canvas.Height != _height) Start(canvas);
        int start = _length;
        for (int y = 0; y < canvas.Height; y++) WriteRow(canvas.Row(y), y);
        if (_length == start && start == BeginSynchronized.Length) return default;
        if (_length <= ShortFrame) return _buffer.AsSpan(BeginSynchronized.Length, _length - BeginSynchronized.Length);
        Append(EndSynchronized);
        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Brings the terminal into a known state: no colours, no cursor, empty.</summary>
    private void Start(Canvas canvas)
    {
        _width = canvas.Width;
        _height = canvas.Height;
        _shown = new CanvasCell[_width * _height];
        Array.Fill(_shown, new CanvasCell(new Rune(' '), default));
        _sgr.Reset();
        _valid = true;
        _cursorX = _cursorY = -1;
        Append("\e[0m\e[?25l\e[2J");
    }

    private void WriteRow(ReadOnlySpan<CanvasCell> row, int y)
    {
        Span<CanvasCell> shown = _shown.AsSpan(y * _width, _width);
        for (int x = 0; x < row.Length; x++)
        {
            CanvasCell cell = Sound(row, x, out bool wide);
            bool same = cell == shown[x] && (!wide || shown[x + 1].IsContinuation);
            if (!same)
            {
                MoveTo(x, y, shown);
                WriteCell(cell);
                shown[x] = cell;
                _cursorX = x + (wide ? 2 : 1);
                // After the last column the terminal's cursor is neither here nor there.
                if (_cursorX >= _width) _cursorY = -1;
            }

            if (!wide) continue;
            x++;
            shown[x] = new CanvasCell(default, cell.Style);
        }
    }

    /// <summary>The cell as it can be shown: half a wide character is a space, foreign characters are replaced.</summary>
    private CanvasCell Sound(ReadOnlySpan<CanvasCell> row, int x, out bool wide)
    {
        CanvasCell cell = row[x];
        wide = false;
        if (cell.Glyph.IsAscii) return cell.IsContinuation ? cell with { Glyph = new Rune(' ') } : cell;
        bool isWide = cell.Glyph.GetColumns() > 1;
        if (isWide && (x + 1 >= row.Length || !row[x + 1].IsContinuation)) return cell with { Glyph = new Rune(' ') };
        if (!unicode) return cell with { Glyph = new Rune('?') };
        wide = isWide;
        return cell;
    }

    private void MoveTo(int x, int y, ReadOnlySpan<CanvasCell> shown)
    {
        if (_cursorY == y && _cursorX == x) return;
        int gap = x - _cursorX;
        if (_cursorY != y || gap < 0)
        {
            Append("\e[");
            if (y > 0 || x > 0) Append(y + 1);
            if (x > 0)
            {
                Append(';');
                Append(x + 1);
            }

            Append('H');
        }
        else if (gap <= LongestBridge && CanBridge(shown[_cursorX..x]))
        {
            for (int i = _cursorX; i < x; i++) AppendGlyph(shown[i].Glyph);
        }
        else
        {
            Append("\e[");
            if (gap > 1) Append(gap);
            Append('C');
        }

        _cursorX = x;
        _cursorY = y;
    }

    private bool CanBridge(ReadOnlySpan<CanvasCell> cells)
    {
        foreach (ref readonly CanvasCell cell in cells)
        {
            if (!cell.Glyph.IsAscii || cell.IsContinuation || !_sgr.Shows(cell)) return false;
        }

        return true;
    }

    private void WriteCell(CanvasCell cell)
    {
        if (!_sgr.Shows(cell)) Append(_sgr.ChangeTo(cell));
        AppendGlyph(cell.Glyph);
    }

    private void AppendGlyph(Rune glyph)
    {
        Reserve(2);
        _length += glyph.EncodeToUtf16(_buffer.AsSpan(_length));
    }

    private void Append(int value)
    {
        Reserve(11);
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    private void Append(char value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Reserve(int more)
    {
        if (_length + more > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_length + more, _buffer.Length * 2));
    }
}
