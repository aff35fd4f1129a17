using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>A dump's goroutines, as many as are kept; one whose stack comes later by its own thread is one row.</summary>
internal sealed class GoroutineRows
{
    private readonly RowList _rows = new();

    // Rows without a stack, by id: with GOTRACEBACK=crash their own thread prints it later.
    private readonly Dictionary<long, int> _unavailable = [];

    public int Count => _rows.Count;

    /// <summary>Goroutines for which there was no room.</summary>
    public long BeyondCap { get; private set; }

    public void Add(in DumpedGoroutine row)
    {
        bool unavailable = row.Marks.HasFlag(DumpedGoroutineMarks.StackUnavailable);
        if (!unavailable && row.Stack >= 0 && _unavailable.Count > 0 && _unavailable.Remove(row.Id, out int before))
        {
            _rows[before] = _rows[before] with { Stack = row.Stack, Marks = row.Marks };
        }
        else if (_rows.Count < DumpLimits.Rows)
        {
            if (unavailable && _unavailable.Count < DumpLimits.ThreadStacks) _unavailable[row.Id] = _rows.Count;
            _rows.Add(row);
        }
        else
        {
            BeyondCap++;
        }
    }

    public void CopyTo(ImmutableArray<DumpedGoroutine>.Builder rows) => _rows.CopyTo(rows);
}
