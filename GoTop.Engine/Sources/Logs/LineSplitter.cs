using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// Cuts a stream of bytes into clean lines, keeping an unfinished one until the rest of it arrives. Of a line only its
/// beginning is kept, however long it is.
/// </summary>
internal sealed class LineSplitter
{
    public const int MostChars = 2000;

    /// <summary>Room for so many characters in UTF-8, and for colours that are stripped.</summary>
    private const int MostBytes = MostChars * 8;

    private readonly byte[] _unfinished = new byte[MostBytes];
    private int _length;
    private bool _hasUnfinished;

    /// <summary>Adds the lines that these bytes end.</summary>
    public void Add(ReadOnlySpan<byte> bytes, List<string> lines)
    {
        while (true)
        {
            int end = bytes.IndexOf((byte)'\n');
            Keep(end < 0 ? bytes : bytes[..end]);
            if (end < 0) return;
            Flush(lines);
            bytes = bytes[(end + 1)..];
            // A line of no bytes is a line too, but an empty rest after the last line end is none.
            if (bytes.IsEmpty) return;
        }
    }

    /// <summary>Ends a line that will not be finished, as its file was replaced.</summary>
    public void End(List<string> lines)
    {
        if (_hasUnfinished) Flush(lines);
    }

    /// <summary>Forgets an unfinished line: what follows it was left out.</summary>
    public void Reset()
    {
        _length = 0;
        _hasUnfinished = false;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        int taken = Math.Min(part.Length, MostBytes - _length);
        part[..taken].CopyTo(_unfinished.AsSpan(_length));
        _length += taken;
        _hasUnfinished |= !part.IsEmpty;
    }

    private void Flush(List<string> lines)
    {
        ReadOnlySpan<byte> line = _unfinished.AsSpan(0, _length).TrimEnd((byte)'\r');
        lines.Add(PlainText.Clean(Encoding.UTF8.GetString(line), MostChars));
        Reset();
    }
}
