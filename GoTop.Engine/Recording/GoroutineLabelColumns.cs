using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>The labels of a goroutine table: each text once, the sets as indices of texts, and a set for each row.</summary>
internal static class GoroutineLabelColumns
{
    public static void Write(ColumnWriter writer, GoroutineTable table)
    {
        ReadingColumn.Write(writer, table.LabelSets);
        if (!table.LabelSets.TryGet(out ImmutableArray<ImmutableArray<GoroutineLabel>> sets)) return;
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        List<string> texts = [];
        List<int> pairs = [];
        foreach (GoroutineLabel label in sets.SelectMany(set => set))
        {
            pairs.Add(Number(label.Key));
            pairs.Add(Number(label.Value));
        }

        writer.Count(texts.Count);
        foreach (string text in texts) writer.Text(text);
        writer.Count(sets.Length);
        writer.Indices([.. sets.Select(set => set.Length)]);
        writer.Indices(CollectionsMarshal.AsSpan(pairs));
        writer.Indices([.. table.Rows.Select(row => row.Labels)]);

        int Number(string text)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, text, out bool known);
            if (known) return number;
            number = texts.Count;
            texts.Add(text);
            return number;
        }
    }

    /// <summary>Sets the labels of the rows.</summary>
    public static Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> Read(ref ColumnReader reader, Span<GoroutineRow> rows)
    {
        (ReadingState state, string? reason) = ReadingColumn.Read(ref reader);
        if (state is not (ReadingState.Present or ReadingState.Stale)) return Reading.From<ImmutableArray<ImmutableArray<GoroutineLabel>>>(state, default, reason);
        string[] texts = new string[reader.Count(1)];
        for (int i = 0; i < texts.Length; i++) texts[i] = reader.Text();
        int[] lengths = reader.Indices(reader.Count(1), 0, int.MaxValue);
        ImmutableArray<GoroutineLabel>[] sets = new ImmutableArray<GoroutineLabel>[lengths.Length];
        for (int i = 0; i < sets.Length; i++)
        {
            int[] pairs = reader.Indices(lengths[i] <= int.MaxValue / 2 ? lengths[i] * 2 : int.MaxValue, 0, texts.Length);
            sets[i] = [.. Enumerable.Range(0, lengths[i]).Select(pair => new GoroutineLabel(texts[pairs[pair * 2]], texts[pairs[pair * 2 + 1]]))];
        }

        int[] labels = reader.Indices(rows.Length, -1, sets.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            if (labels[i] != 0) rows[i] = rows[i] with { Labels = labels[i] };
        }

        return Reading.From(state, ImmutableCollectionsMarshal.AsImmutableArray(sets), reason);
    }
}

/// <summary>The state of a reading and its reason.</summary>
internal static class ReadingColumn
{
    public static void Write<T>(ColumnWriter writer, Reading<T> reading)
    {
        writer.Count((int)reading.State);
        writer.Count(reading.Reason is null ? 0 : 1);
        if (reading.Reason is { } reason) writer.Text(reason);
    }

    public static (ReadingState State, string? Reason) Read(ref ColumnReader reader)
    {
        long state = reader.Index(), hasReason = reader.Index();
        if (state > (long)ReadingState.Failed || hasReason > 1) throw new InvalidDataException($"the state {state} of a reading is unknown");
        return ((ReadingState)state, hasReason == 0 ? null : reader.Text());
    }
}
