using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// The newest lines of one log until a tick takes them: bytes in one buffer of bounded size, so that a flood makes no garbage.
/// What is pushed out is counted.
/// </summary>
internal sealed class LineRing
{
    public const int MostLines = 1000;

    private const int MostBytes = 256 << 10;
    private const int FirstBytes = 16 << 10;

    private readonly Queue<Entry> _entries = new();
    private byte[] _bytes = new byte[FirstBytes];
    private int _write;

    /// <summary>Lines that were pushed out since the last <see cref="Drain"/>.</summary>
    public long Dropped { get; private set; }

    public void Add(ReadOnlySpan<byte> line, DateTimeOffset time, long number)
    {
        line = line[..Math.Min(line.Length, LineSplitter.MostBytes)];
        if (_entries.Count == MostLines) DropOldest();
        if (_bytes.Length - _write < line.Length && !TryGrow(line.Length))
        {
            // What still lies behind is older than everything at the front.
            while (_entries.TryPeek(out Entry behind) && behind.Start >= _write) DropOldest();
            _write = 0;
        }

        while (_entries.TryPeek(out Entry oldest) && oldest.Start >= _write && oldest.Start < _write + line.Length) DropOldest();
        line.CopyTo(_bytes.AsSpan(_write));
        _entries.Enqueue(new Entry(_write, line.Length, time, number));
        _write += line.Length;
    }

    /// <summary>Takes everything out; at most so many lines, the newest, are added.</summary>
    /// <returns>How many lines were dropped since the last time.</returns>
    public long Drain(string origin, int mostLines, List<(long Number, LogLine Line)> lines)
    {
        long dropped = Dropped;
        while (_entries.TryDequeue(out Entry entry))
        {
            if (_entries.Count >= mostLines)
            {
                dropped++;
                continue;
            }

            string text = PlainText.Clean(Encoding.UTF8.GetString(_bytes, entry.Start, entry.Length), LogLine.MostChars);
            lines.Add((entry.Number, new LogLine(entry.Time, origin, text)));
        }

        _write = 0;
        Dropped = 0;
        return dropped;
    }

    private bool TryGrow(int wanted)
    {
        // Only before it has gone round, while everything lies in order from the front.
        if (_bytes.Length >= MostBytes || (_entries.TryPeek(out Entry oldest) && oldest.Start >= _write)) return false;
        int size = _bytes.Length;
        while (size < MostBytes && size - _write < wanted) size *= 2;
        Array.Resize(ref _bytes, size);
        return size - _write >= wanted;
    }

    private void DropOldest()
    {
        _entries.Dequeue();
        Dropped++;
    }

    private readonly record struct Entry(int Start, int Length, DateTimeOffset Time, long Number);
}
