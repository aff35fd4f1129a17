namespace GoTop.Engine.Analysis.Logs;

/// <summary>
/// Walks the members of a JSON object in one line. It never throws and takes what is there of a line that was cut off or
/// damaged, since a service may write anything, a hundred thousand times a second.
/// </summary>
internal ref struct JsonLine
{
    private readonly ReadOnlySpan<byte> _text;
    private int _position;

    /// <param name="text">Begins with <c>{</c>.</param>
    public JsonLine(ReadOnlySpan<byte> text)
    {
        _text = text;
        _position = 1;
    }

    /// <summary>Between its quotation marks, with its escapes.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Of a string what stands between the quotation marks, with its escapes; else the text as it stands.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool IsString { get; private set; }

    public readonly bool IsObject => !IsString && Value is [(byte)'{', ..];

    /// <summary>The next member; false at the object's end, and where it is no object any more.</summary>
    public bool Next()
    {
        SkipBlanks(also: (byte)',');
        if (_position >= _text.Length || _text[_position] != (byte)'"') return false;
        Key = TakeString();
        SkipBlanks(also: (byte)':');
        if (_position >= _text.Length) return false;
        IsString = _text[_position] == (byte)'"';
        Value = IsString ? TakeString() : _text[_position] is (byte)'{' or (byte)'[' ? TakeNested() : TakeScalar();
        return IsString || !Value.IsEmpty;
    }

    private void SkipBlanks(byte also)
    {
        while (_position < _text.Length && (_text[_position] is (byte)' ' or (byte)'\t' || _text[_position] == also)) _position++;
    }

    private ReadOnlySpan<byte> TakeString()
    {
        int begin = ++_position;
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

    private ReadOnlySpan<byte> TakeNested()
    {
        int begin = _position, depth = 0;
        while (_position < _text.Length)
        {
            switch (_text[_position])
            {
                case (byte)'"':
                    TakeString();
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth == 0) return _text[begin..++_position];
                    break;
            }

            _position++;
        }

        return _text[begin..];
    }

    private ReadOnlySpan<byte> TakeScalar()
    {
        int begin = _position, length = _text[begin..].IndexOfAny((byte)',', (byte)'}', (byte)' ');
        _position = length < 0 ? _text.Length : begin + length;
        return _text[begin.._position];
    }
}
