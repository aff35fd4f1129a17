using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>How long goroutines have waited, by ranges, with the oldest of each.</summary>
internal sealed class AgeRows : IGoroutineList
{
    private const int BarWidth = 24;

    private readonly GoroutineTable _table;
    private readonly ImmutableArray<(AgeRange Range, int Count, int Oldest)> _rows;
    private readonly int _waiting;
    private readonly int _most;

    private AgeRows(GoroutineTable table, ImmutableArray<(AgeRange Range, int Count, int Oldest)> rows)
    {
        (_table, _rows) = (table, rows);
        _waiting = rows.Where(row => row.Range.Kind != AgeKind.NotWaiting).Sum(row => row.Count);
        _most = Math.Max(1, rows.IsEmpty ? 1 : rows.Max(row => row.Count));
    }

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("WAITING≥", 14, Align.Right),
        new("COUNT", 8, Align.Right),
        new("", BarWidth, Priority: 2),
        new("OLDEST≥", 8, Align.Right, Priority: 1),
        new("THE OLDEST IN", 15, Priority: 3),
        new("STARTED WITH", 24, Priority: 4, Grow: 3, Fit: Fit.GoName),
    ];

    public string Title => $"{Figures.Counted(_waiting, "goroutine waits", "goroutines wait")}, by how long at least";

    public string? FilterError => null;

    public bool CanSort => false;

    public string Empty => "There are no goroutines.";

    public string? Remark => _rows.Any(row => row.Range.Kind == AgeKind.NotNoted) ? "Go notes a wait when a GC cycle sees it, so a wait may be longer" : null;

    public int Count => _rows.Length;

    public static AgeRows Of(GoroutineTable table)
    {
        ImmutableArray<WaitAgeBucket> buckets = WaitAges.Of([]).Buckets;
        AgeRange[] ranges =
        [
            .. buckets.Select(bucket => new AgeRange(AgeKind.Noted, bucket.FromSeconds, bucket.ToSeconds)),
            new AgeRange(AgeKind.NotNoted, 0, null),
            new AgeRange(AgeKind.NotWaiting, 0, null),
        ];
        int[] counts = new int[ranges.Length], oldest = new int[ranges.Length];
        Array.Fill(oldest, -1);
        for (int i = 0; i < table.Rows.Length; i++)
        {
            ref readonly GoroutineRow row = ref table.Rows.ItemRef(i);
            int range = 0;
            while (!ranges[range].Has(table, row)) range++;
            counts[range]++;
            if (oldest[range] < 0 || row.WaitSinceNanoseconds < table.Rows[oldest[range]].WaitSinceNanoseconds) oldest[range] = i;
        }

        // Ranges without any between those that have some are part of the picture.
        int first = Array.FindIndex(counts, 0, buckets.Length, count => count > 0), last = Array.FindLastIndex(counts, buckets.Length - 1, count => count > 0);
        return new AgeRows(
            table,
            [
                .. Enumerable.Range(0, ranges.Length)
                    .Where(i => i < buckets.Length ? first >= 0 && i >= first && i <= last : counts[i] > 0)
                    .Select(i => (ranges[i], counts[i], oldest[i])),
            ]);
    }

    public object KeyAt(int row) => _rows[row].Range;

    public int IndexOf(object key)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            if (key is AgeRange range && _rows[i].Range == range) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => inverted;

    public TableCell Cell(int row, int column)
    {
        (AgeRange range, int count, int oldest) = _rows[row];
        switch (column)
        {
            case 0: return new TableCell(range.Words, range.Kind == AgeKind.Noted ? Tone.Normal : Tone.Dim);
            case 1: return new TableCell(Figures.Count(count));
            case 2: return new TableCell(new string('█', (int)Math.Ceiling(BarWidth * (double)count / _most)), range.Kind == AgeKind.Noted ? Tone.Accent : Tone.Dim);
        }

        if (oldest < 0 || range.Kind != AgeKind.Noted) return new TableCell("");
        GoroutineRow goroutine = _table.Rows[oldest];
        return column switch
        {
            3 => new TableCell(Figures.Age(Math.Max(0, _table.NowNanoseconds - goroutine.WaitSinceNanoseconds) / 1e9)),
            4 => GroupRows.Reason(_table.WaitReasons[goroutine.WaitReason], goroutine.State),
            _ => goroutine.StartFunction >= 0 ? new TableCell(_table.Locations[goroutine.StartFunction].Function, Tone.Accent) : new TableCell("unknown", Tone.Dim),
        };
    }
}

internal enum AgeKind : byte
{
    Noted,

    /// <summary>It waits, but no GC cycle has seen it yet.</summary>
    NotNoted,
    NotWaiting,
}

/// <summary>A range of wait times.</summary>
/// <param name="ToSeconds">Null for no end.</param>
internal sealed record AgeRange(AgeKind Kind, long FromSeconds, long? ToSeconds)
{
    public string Words => Kind switch
    {
        AgeKind.NotNoted => "not noted yet",
        AgeKind.NotWaiting => "not waiting",
        _ => ToSeconds is { } to ? $"{Short(FromSeconds)} – {Short(to)}" : $"over {Short(FromSeconds)}",
    };

    public bool Has(GoroutineTable table, in GoroutineRow row)
    {
        bool waits = row.State is GoroutineState.Waiting or GoroutineState.Leaked or GoroutineState.Syscall, noted = row.WaitSinceNanoseconds > 0;
        if (Kind == AgeKind.NotNoted) return waits && !noted;
        if (Kind == AgeKind.NotWaiting) return !waits;
        double seconds = Math.Max(0, (table.NowNanoseconds - row.WaitSinceNanoseconds) / 1e9);
        return waits && noted && seconds >= FromSeconds && (ToSeconds is not { } to || seconds < to);
    }

    /// <summary><c>10s</c>, <c>5m</c>, <c>6h</c>, <c>7d</c>.</summary>
    private static string Short(long seconds) => seconds switch
    {
        < 60 => Figures.Invariant($"{seconds}s"),
        < 3600 => Figures.Invariant($"{seconds / 60}m"),
        < 86_400 => Figures.Invariant($"{seconds / 3600}h"),
        _ => Figures.Invariant($"{seconds / 86_400}d"),
    };
}
