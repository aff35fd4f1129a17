using System.Text;

namespace GoTop.Bench.Pty;

/// <summary>
/// What a terminal would show: characters only, every one a cell wide, one buffer. Enough to tell when a screen is
/// complete; colours and scroll regions do not matter for that.
/// </summary>
internal sealed class VtScreen(int columns, int rows) : VtParser
{
    private readonly Rune[] _cells = Enumerable.Repeat(new Rune(' '), columns * rows).ToArray();
    private int _row, _column, _savedRow, _savedColumn;
    private Rune _last = new(' ');

    public IEnumerable<string> Lines() => Enumerable.Range(0, rows).Select(row => string.Concat(_cells.AsSpan(row * columns, columns).ToArray()).TrimEnd());

    public bool Shows(string text) => Lines().Any(line => line.Contains(text, StringComparison.Ordinal));

    protected override void OnText(Rune rune)
    {
        if (_column >= columns) NewLine(toStart: true);
        _cells[(_row * columns) + _column++] = _last = rune;
    }

    protected override void OnControl(byte control)
    {
        switch (control)
        {
            case (byte)'\r': _column = 0; break;
            case (byte)'\n': NewLine(toStart: false); break;
            case (byte)'\b': _column = Math.Max(0, _column - 1); break;
            case (byte)'\t': _column = Math.Min(columns - 1, (_column | 7) + 1); break;
        }
    }

    protected override void OnEscape(string sequence)
    {
        if (sequence == "7") (_savedRow, _savedColumn) = (_row, _column);
        else if (sequence == "8") (_row, _column) = (_savedRow, _savedColumn);
    }

    protected override void OnCsi(string parameters, char final)
    {
        bool isPrivate = parameters.Length > 0 && parameters[0] is '?' or '>' or '<' or '=';
        if (isPrivate)
        {
            if (parameters == "?1049" && final == 'h') Erase(0, _cells.Length);
            return;
        }

        string[] fields = parameters.Split(';');
        int first = Field(fields, 0), count = Math.Max(1, first);
        switch (final)
        {
            case 'H' or 'f': MoveTo(first - 1, Field(fields, 1) - 1); break;
            case 'A': MoveTo(_row - count, _column); break;
            case 'B' or 'e': MoveTo(_row + count, _column); break;
            case 'C' or 'a': MoveTo(_row, _column + count); break;
            case 'D': MoveTo(_row, _column - count); break;
            case 'E': MoveTo(_row + count, 0); break;
            case 'F': MoveTo(_row - count, 0); break;
            case 'G' or '`': MoveTo(_row, count - 1); break;
            case 'd': MoveTo(count - 1, _column); break;
            case 'J': EraseParts(first, 0, _cells.Length); break;
            case 'K': EraseParts(first, _row * columns, (_row + 1) * columns); break;
            case 'X': Erase(At(), Math.Min(At() + count, (_row + 1) * columns)); break;
            case 'b': Repeat(count); break;
            case 's': (_savedRow, _savedColumn) = (_row, _column); break;
            case 'u': (_row, _column) = (_savedRow, _savedColumn); break;
        }
    }

    private static int Field(string[] fields, int index) => index < fields.Length && int.TryParse(fields[index], out int value) ? value : 0;

    private int At() => (_row * columns) + Math.Min(_column, columns - 1);

    private void MoveTo(int row, int column) => (_row, _column) = (Math.Clamp(row, 0, rows - 1), Math.Clamp(column, 0, columns - 1));

    private void Repeat(int count)
    {
        for (int i = 0; i < Math.Min(count, columns); i++) OnText(_last);
    }

    /// <param name="part">0 from the cursor on, 1 up to the cursor, 2 all.</param>
    private void EraseParts(int part, int start, int end)
    {
        if (part == 0) Erase(At(), end);
        else if (part == 1) Erase(start, At() + 1);
        else Erase(start, end);
    }

    private void Erase(int start, int end) => _cells.AsSpan(start, end - start).Fill(new Rune(' '));

    private void NewLine(bool toStart)
    {
        if (toStart) _column = 0;
        if (_row < rows - 1)
        {
            _row++;
            return;
        }

        _cells.AsSpan(columns).CopyTo(_cells);
        Erase((rows - 1) * columns, rows * columns);
    }
}
