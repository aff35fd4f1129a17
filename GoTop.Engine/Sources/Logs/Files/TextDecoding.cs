using System.Text;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// Brings a file's bytes to UTF-8. A byte order mark counts most, then what the configuration says; without both, zero bytes in
/// every other place tell UTF-16, and all else is taken as UTF-8.
/// </summary>
internal sealed class TextDecoding
{
    private const int BytesLookedAt = 64;
    private const int CharsAtOnce = 4096;

    private readonly Decoder? _decoder;
    private readonly char[] _chars = [];
    private readonly byte[] _utf8 = [];

    private TextDecoding(Encoding? encoding, int markBytes)
    {
        MarkBytes = markBytes;
        UnitBytes = encoding is UnicodeEncoding ? 2 : 1;
        if (encoding is null or UTF8Encoding) return;
        _decoder = encoding.GetDecoder();
        _chars = new char[encoding.GetMaxCharCount(CharsAtOnce)];
        _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(_chars.Length)];
    }

    /// <summary>Length of the byte order mark.</summary>
    public int MarkBytes { get; }

    /// <summary>Reading may only begin at multiples of this.</summary>
    public int UnitBytes { get; }

    /// <summary>A code page by its name, such as <c>windows-1252</c>; null when there is none of this name.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <param name="start">The file's first bytes.</param>
    /// <param name="configured">Null to find out.</param>
    public static TextDecoding Of(ReadOnlySpan<byte> start, Encoding? configured)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return new TextDecoding(null, 3);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return new TextDecoding(Encoding.Unicode, 2);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return new TextDecoding(Encoding.BigEndianUnicode, 2);
        if (configured is not null) return new TextDecoding(configured, 0);
        start = start[..(Math.Min(start.Length, BytesLookedAt) & ~1)];
        int zeroFirst = 0, zeroSecond = 0;
        for (int i = 0; i < start.Length; i += 2)
        {
            if (start[i] == 0) zeroFirst++;
            if (start[i + 1] == 0) zeroSecond++;
        }

        int enough = Math.Max(2, start.Length / 2 * 3 / 4);
        // A sparse file, whose writer kept its place when it was truncated, has both.
        if (zeroSecond >= enough && zeroFirst == 0) return new TextDecoding(Encoding.Unicode, 0);
        return new TextDecoding(zeroFirst >= enough && zeroSecond == 0 ? Encoding.BigEndianUnicode : null, 0);
    }

    public void Decode(ReadOnlySpan<byte> bytes, LineSplitter splitter, ILineSink sink)
    {
        if (_decoder is null)
        {
            splitter.Add(bytes, sink);
            return;
        }

        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> portion = bytes[..Math.Min(bytes.Length, CharsAtOnce)];
            int chars = _decoder.GetChars(portion, _chars, flush: false);
            splitter.Add(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(_chars.AsSpan(0, chars), _utf8)), sink);
            bytes = bytes[portion.Length..];
        }
    }
}
