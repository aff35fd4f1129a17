using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>
/// A goroutine table column by column: like stands beside like, so that a compressor gets 100,000 rows into some
/// hundred kilobytes. Texts are listed once and referred to by index.
/// </summary>
internal static class GoroutineColumns
{
    /// <summary>A row and a kind take this many bytes at least: one in each column.</summary>
    private const int ColumnsOfRow = 4;
    private const int ColumnsOfKind = 6;

    /// <summary>Rows in memory are six times as large as the shortest ones here, so their number needs a limit of its own.</summary>
    private const int MaxRows = 1_000_000;

    private const string NotRecorded = "the GoTop that made this recording did not read it";

    public static byte[] Write(GoroutineTable table)
    {
        if (table.Rows.Length > MaxRows) throw new InvalidDataException($"{table.Rows.Length} goroutines are too many for a recording.");
        ColumnWriter writer = new();
        writer.Number(table.NowNanoseconds);
        writer.Number(table.Torn);
        writer.Number(table.SystemGoroutines);
        writer.Number(table.BeyondCap);

        TextList texts = new();
        int[] functions = [.. table.Locations.Select(l => texts.IndexOf(l.Function))];
        int[] files = [.. table.Locations.Select(l => texts.IndexOf(l.File))];
        int[] reasons = [.. table.WaitReasons.Select(texts.IndexOf)];
        writer.Count(texts.All.Count);
        foreach (string text in texts.All) writer.Text(text);

        writer.Count(functions.Length);
        writer.Indices(functions);
        writer.Indices(files);
        writer.Differences([.. table.Locations.Select(l => (long)l.Line)]);
        writer.Count(reasons.Length);
        writer.Indices(reasons);

        writer.Count(table.Stacks.Length);
        writer.Indices([.. table.Stacks.Select(s => s.Length)]);
        foreach (ImmutableArray<int> stack in table.Stacks) writer.Indices(stack.AsSpan());
        WriteRows(writer, table.Rows.AsSpan());
        GoroutineLabelColumns.Write(writer, table);
        GoroutineWaitColumns.Write(writer, table.Waits);
        return writer.Written.ToArray();
    }

    private static void WriteRows(ColumnWriter writer, ReadOnlySpan<GoroutineRow> rows)
    {
        Dictionary<Kind, int> known = [];
        List<Kind> kinds = [];
        int[] kindOfRow = new int[rows.Length];
        long[] ids = new long[rows.Length], waitSince = new long[rows.Length], parents = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly GoroutineRow row = ref rows[i];
            Kind kind = Kind.Of(row);
            ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(known, kind, out bool exists);
            if (!exists)
            {
                index = kinds.Count;
                kinds.Add(kind);
            }

            (kindOfRow[i], ids[i], waitSince[i], parents[i]) = (index, row.Id, row.WaitSinceNanoseconds, row.ParentId);
        }

        writer.Count(kinds.Count);
        writer.Bytes([.. kinds.Select(k => (byte)k.State)]);
        writer.Indices([.. kinds.Select(k => k.WaitReason)]);
        writer.Indices([.. kinds.Select(k => k.CreatedBy)]);
        writer.Indices([.. kinds.Select(k => k.StartFunction)]);
        writer.Indices([.. kinds.Select(k => k.Stack)]);
        writer.Bytes([.. kinds.Select(k => k.LockedToThread ? (byte)1 : (byte)0)]);
        writer.Count(rows.Length);
        writer.Indices(kindOfRow);
        writer.Differences(ids);
        writer.Numbers(waitSince);
        writer.NumbersNear(parents, ids);
    }

    /// <exception cref="InvalidDataException">The bytes are not such a table; every index of a table given back is sound.</exception>
    public static GoroutineTable Read(ReadOnlySpan<byte> bytes)
    {
        ColumnReader reader = new(bytes);
        long now = reader.Number();
        int torn = reader.Figure(), system = reader.Figure(), beyond = reader.Figure();

        string[] texts = new string[reader.Count(1)];
        for (int i = 0; i < texts.Length; i++) texts[i] = reader.Text();

        int locationCount = reader.Count(3);
        int[] functions = reader.Indices(locationCount, 0, texts.Length), files = reader.Indices(locationCount, 0, texts.Length);
        long[] lines = reader.Differences(locationCount);
        CodeLocation[] locations = new CodeLocation[locationCount];
        for (int i = 0; i < locations.Length; i++) locations[i] = new CodeLocation(texts[functions[i]], texts[files[i]], (int)lines[i]);

        int[] reasons = reader.Indices(reader.Count(1), 0, texts.Length);
        int[] depths = reader.Indices(reader.Count(1), 0, int.MaxValue);
        ImmutableArray<int>[] stacks = new ImmutableArray<int>[depths.Length];
        for (int i = 0; i < stacks.Length; i++)
        {
            // An empty stack takes no byte of its own, so it must take no memory either.
            stacks[i] = depths[i] == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(reader.Indices(depths[i], 0, locationCount));
        }

        GoroutineRow[] rows = ReadRows(ref reader, reasons.Length, locationCount, stacks.Length);
        // Recordings made before these were read end here.
        bool isOld = reader.AtEnd;
        Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> labels = isOld
            ? Reading.NotSupported<ImmutableArray<ImmutableArray<GoroutineLabel>>>(NotRecorded)
            : GoroutineLabelColumns.Read(ref reader, rows);
        Reading<GoroutineWaits> waits = isOld ? Reading.NotSupported<GoroutineWaits>(NotRecorded) : GoroutineWaitColumns.Read(ref reader, rows.Length);
        if (!reader.AtEnd) throw new InvalidDataException("something follows its goroutines");
        return new GoroutineTable
        {
            Rows = ImmutableCollectionsMarshal.AsImmutableArray(rows),
            Locations = ImmutableCollectionsMarshal.AsImmutableArray(locations),
            WaitReasons = [.. reasons.Select(reason => texts[reason])],
            Stacks = ImmutableCollectionsMarshal.AsImmutableArray(stacks),
            NowNanoseconds = now,
            Torn = torn,
            SystemGoroutines = system,
            BeyondCap = beyond,
            LabelSets = labels,
            Waits = waits,
        };
    }

    private static GoroutineRow[] ReadRows(ref ColumnReader reader, int reasonCount, int locationCount, int stackCount)
    {
        int kindCount = reader.Count(ColumnsOfKind);
        ReadOnlySpan<byte> states = reader.Bytes(kindCount);
        int[] waitReasons = reader.Indices(kindCount, 0, reasonCount);
        int[] createdBy = reader.Indices(kindCount, -1, locationCount), startFunctions = reader.Indices(kindCount, -1, locationCount);
        int[] stacks = reader.Indices(kindCount, -1, stackCount);
        ReadOnlySpan<byte> locked = reader.Bytes(kindCount);

        int count = reader.Count(ColumnsOfRow);
        if (count > MaxRows) throw new InvalidDataException($"it claims {count} goroutines");
        int[] kindOfRow = reader.Indices(count, 0, kindCount);
        long[] ids = reader.Differences(count), waitSince = reader.Numbers(count), parents = reader.NumbersNear(ids);
        GoroutineRow[] rows = new GoroutineRow[count];
        for (int i = 0; i < rows.Length; i++)
        {
            int kind = kindOfRow[i];
            rows[i] = new GoroutineRow(
                ids[i], (GoroutineState)states[kind], waitReasons[kind], waitSince[i], createdBy[kind], startFunctions[kind], parents[i], stacks[kind], locked[kind] != 0);
        }

        return rows;
    }

    /// <summary>
    /// What goroutines of one place have in common. There are few kinds even of very many goroutines, so that a row
    /// holds one index in place of six columns.
    /// </summary>
    private readonly record struct Kind(GoroutineState State, int WaitReason, int CreatedBy, int StartFunction, int Stack, bool LockedToThread)
    {
        public static Kind Of(in GoroutineRow row) => new(row.State, row.WaitReason, row.CreatedBy, row.StartFunction, row.Stack, row.LockedToThread);
    }

    /// <summary>Texts in the order in which they were first met.</summary>
    private sealed class TextList
    {
        private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

        public List<string> All { get; } = [];

        public int IndexOf(string text)
        {
            ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indices, text, out bool exists);
            if (exists) return index;
            index = All.Count;
            All.Add(text);
            return index;
        }
    }
}
