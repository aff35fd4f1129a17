using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>Rows while they are read, in pieces: a list that doubles would be copied again and again, and hold twice what it needs.</summary>
internal sealed class RowList
{
    private const int PieceRows = 1 << 12;

    private readonly List<DumpedGoroutine[]> _pieces = [];

    public int Count { get; private set; }

    public DumpedGoroutine this[int index]
    {
        get => _pieces[index / PieceRows][index % PieceRows];
        set => _pieces[index / PieceRows][index % PieceRows] = value;
    }

    public void Add(in DumpedGoroutine row)
    {
        // The first piece grows, since most texts have a few rows only.
        if (Count / PieceRows == _pieces.Count) _pieces.Add(new DumpedGoroutine[_pieces.Count == 0 ? 16 : PieceRows]);
        DumpedGoroutine[] piece = _pieces[^1];
        int at = Count++ % PieceRows;
        if (at == piece.Length)
        {
            Array.Resize(ref piece, piece.Length * 4);
            _pieces[^1] = piece;
        }

        piece[at] = row;
    }

    public void CopyTo(ImmutableArray<DumpedGoroutine>.Builder rows)
    {
        for (int i = 0; i < _pieces.Count; i++) rows.AddRange(_pieces[i].AsSpan(0, Math.Min(_pieces[i].Length, Count - i * PieceRows)));
    }
}
