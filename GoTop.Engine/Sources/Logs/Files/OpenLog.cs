using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// A log file that is held open, and how far it was read. Held open so that what is written to it after it was renamed, or
/// before it was removed, is read all the same; others may rename, remove and write it meanwhile.
/// </summary>
internal sealed class OpenLog : IDisposable
{
    public const int HeadBytes = 256;

    private const int TailBytes = 64;

    private readonly SafeFileHandle _file;
    private readonly System.Text.Encoding? _encoding;
    private readonly LineSplitter _splitter = new();
    private TextDecoding? _decoding;
    private readonly byte[] _tail = new byte[TailBytes];
    private byte[] _head = [];
    private int _tailLength;
    private long _pastUntil;

    public OpenLog(SafeFileHandle file, FileNumber? number, System.Text.Encoding? encoding)
    {
        _file = file;
        _encoding = encoding;
        Number = number;
    }

    /// <summary>Null where the system does not tell.</summary>
    public FileNumber? Number { get; }

    public long Position { get; private set; }

    /// <summary>How it begins, of what was read: tells it from others where there is no number.</summary>
    public ReadOnlySpan<byte> Head => _head;

    public long Length => RandomAccess.GetLength(_file);

    /// <summary>Begins near its end, at the start of a line.</summary>
    public void BeginNearEnd(long bytes)
    {
        long length = Length;
        _pastUntil = length;
        int unit = Decoding().UnitBytes;
        long from = Math.Max(0, length - bytes);
        if (from == 0) return;
        Position = from - (from % unit);
        _splitter.SkipToNextLine();
        ReadTail();
    }

    /// <summary>Goes on where somebody else has read to.</summary>
    public void BeginAt(long position)
    {
        Position = position;
        ReadTail();
        RememberHead();
    }

    /// <summary>How far it was read.</summary>
    public EndedLog End() => new(Number, _head, _tail[.._tailLength], Position);

    /// <summary>Whether another handle leads to this file, or to a copy of it that may not be whole yet.</summary>
    /// <param name="begin">How the other begins.</param>
    public bool IsAlso(FileNumber? number, SafeFileHandle other, ReadOnlySpan<byte> begin)
    {
        if (number is not null && number == Number) return true;
        if (_head.Length < HeadBytes || !begin.StartsWith(_head)) return false;
        // What it held is gone, and remembered alone.
        if (IsReplacedWithin()) return (End() with { Number = null }).IsAlso(number, other, begin);
        long until = Math.Min(RandomAccess.GetLength(other), Position);
        if (until < HeadBytes) return false;
        Span<byte> last = stackalloc byte[TailBytes];
        return RandomAccess.Read(_file, last, until - TailBytes) == TailBytes && EndedLog.Holds(other, last, until - TailBytes);
    }

    /// <summary>It is shorter than what was read of it, or begins otherwise: truncated, and written anew.</summary>
    public bool IsReplacedWithin() => Length < Position || !BeginsAlike(_file);

    public bool BeginsAlike(SafeFileHandle other) => EndedLog.Holds(other, _head, 0);

    /// <summary>From the start again.</summary>
    public void Restart(LogStream stream)
    {
        _splitter.End(stream);
        _head = [];
        _decoding = null;
        _pastUntil = 0;
        _tailLength = 0;
        Position = 0;
    }

    /// <summary>Reads on, of this file or of a copy of it; at most so many bytes.</summary>
    /// <returns>How many there were.</returns>
    public long ReadOn(LogStream stream, long mostBytes, byte[] buffer, SafeFileHandle? copy = null)
    {
        SafeFileHandle file = copy ?? _file;
        long begun = Position;
        TextDecoding decoding = Decoding();
        if (Position == 0) Position = Math.Min(decoding.MarkBytes, Length);
        while (Position - begun < mostBytes)
        {
            int wanted = buffer.Length;
            bool isPast = Position < _pastUntil;
            if (isPast) wanted = (int)Math.Min(wanted, _pastUntil - Position);
            int read = RandomAccess.Read(file, buffer.AsSpan(0, wanted), Position);
            if (read == 0) break;
            stream.Refresh();
            stream.IsPast = isPast;
            Position += read;
            RememberTail(buffer.AsSpan(0, read));
            decoding.Decode(buffer.AsSpan(0, read), _splitter, stream);
        }

        stream.IsPast = false;
        if (copy is null) RememberHead();
        return Position - begun;
    }

    public void EndLine(LogStream stream) => _splitter.End(stream);

    public void Dispose() => _file.Dispose();

    private TextDecoding Decoding()
    {
        if (_decoding is not null) return _decoding;
        Span<byte> start = stackalloc byte[HeadBytes];
        start = start[..RandomAccess.Read(_file, start, 0)];
        TextDecoding found = TextDecoding.Of(start, _encoding);
        // A mark or a first character may still be on its way.
        if (start.Length >= 4) _decoding = found;
        return found;
    }

    private void ReadTail()
    {
        int length = (int)Math.Min(Position, TailBytes);
        _tailLength = RandomAccess.Read(_file, _tail.AsSpan(0, length), Position - length);
    }

    private void RememberTail(ReadOnlySpan<byte> read)
    {
        ReadOnlySpan<byte> last = read[^Math.Min(read.Length, TailBytes)..];
        int kept = Math.Min(_tailLength, TailBytes - last.Length);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + last.Length;
    }

    private void RememberHead()
    {
        if (_head.Length == HeadBytes || _head.Length == Position) return;
        Span<byte> head = stackalloc byte[HeadBytes];
        int length = RandomAccess.Read(_file, head, 0);
        // Not beyond what was read: the rest could still be another's when this one is written anew.
        _head = head[..(int)Math.Min(length, Position)].ToArray();
    }
}
