namespace GoTop.Bench.Pty;

/// <summary>What a program wrote to its terminal, in the pieces in which it arrived, each with its arrival.</summary>
internal sealed class OutputLog
{
    private readonly List<OutputPiece> _pieces = [];
    private readonly Lock _lock = new();

    public int Count
    {
        get
        {
            lock (_lock) return _pieces.Count;
        }
    }

    public void Add(OutputPiece piece)
    {
        lock (_lock) _pieces.Add(piece);
    }

    public OutputPiece[] From(int index)
    {
        lock (_lock) return [.. _pieces.Skip(index)];
    }

    /// <summary>Arrival of the newest piece; null before the first.</summary>
    public long? LastArrival()
    {
        lock (_lock) return _pieces.Count == 0 ? null : _pieces[^1].Arrival;
    }
}

/// <param name="Arrival">Timestamp of the session's <see cref="TimeProvider"/>.</param>
internal readonly record struct OutputPiece(long Arrival, byte[] Bytes);
