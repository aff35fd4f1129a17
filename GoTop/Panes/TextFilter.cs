namespace GoTop.Panes;

/// <summary>A filter of plain words, all of which must be found, without regard to case; a leading <c>!</c> inverts it.</summary>
internal readonly struct TextFilter
{
    private readonly string[] _words;
    private readonly bool _inverted;

    public TextFilter(string filter)
    {
        ReadOnlySpan<char> text = filter.AsSpan().Trim();
        _inverted = text.StartsWith('!');
        _words = (_inverted ? text[1..] : text).ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public bool IsEmpty => _words.Length == 0;

    public bool Matches(string text)
    {
        if (IsEmpty) return true;
        foreach (string word in _words)
        {
            if (!text.Contains(word, StringComparison.OrdinalIgnoreCase)) return _inverted;
        }

        return !_inverted;
    }
}
