namespace GoTop.Engine.Analysis.Logs;

/// <summary>Walks the <c>key=value</c> and <c>key="quoted value"</c> of a line; other words are passed over.</summary>
internal ref struct PairReader
{
    private const int LongestKey = 64;

    private readonly ReadOnlySpan<byte> _text;
    private int _position;

    public PairReader(ReadOnlySpan<byte> text) => _text = text;

    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Without quotation marks, with escapes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Next()
    {
        while (_position < _text.Length)
        {
            ReadOnlySpan<byte> rest = _text[_position..];
            int stop = rest.IndexOfAny((byte)'=', (byte)' ', (byte)'\t');
            if (stop < 0) break;
            if (rest[stop] != (byte)'=' || stop is 0 or > LongestKey || !IsKey(rest[..stop]))
            {
                _position += stop + 1;
                continue;
            }

            Key = rest[..stop];
            _position += stop + 1;
            Value = TakeValue();
            return true;
        }

        _position = _text.Length;
        return false;
    }

    private ReadOnlySpan<byte> TakeValue()
    {
        int begin = _position;
        if (begin < _text.Length && _text[begin] == (byte)'"')
        {
            _position = ++begin;
            while (_position < _text.Length)
            {
                int found = _text[_position..].IndexOfAny((byte)'"', (byte)'\\');
                if (found < 0) break;
                _position += found;
                if (_text[_position] == (byte)'"') return _text[begin.._position++];
                _position += 2;
            }

            _position = _text.Length;
            return _text[Math.Min(begin, _text.Length)..];
        }

        int end = _text[begin..].IndexOfAny((byte)' ', (byte)'\t');
        _position = end < 0 ? _text.Length : begin + end;
        return _text[begin.._position].TrimEnd(",;"u8);
    }

    private static bool IsKey(ReadOnlySpan<byte> key)
    {
        foreach (byte c in key)
        {
            if (!(char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'@' or (byte)'/')) return false;
        }

        return char.IsAsciiLetter((char)key[0]) || key[0] is (byte)'_' or (byte)'@';
    }
}
