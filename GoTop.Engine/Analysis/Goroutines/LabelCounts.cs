using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>How many goroutines carry each profiler label, and what they do.</summary>
public static class LabelCounts
{
    /// <summary>Most goroutines first.</summary>
    /// <param name="sets">Of the table.</param>
    public static ImmutableArray<LabelledGoroutines> Of(GoroutineTable table, ImmutableArray<ImmutableArray<GoroutineLabel>> sets)
    {
        // By set first: there are fewer of them than goroutines.
        Dictionary<(int Set, GoroutineState State, int Reason), int> bySet = [];
        foreach (ref readonly GoroutineRow row in table.Rows.AsSpan())
        {
            if (row.Labels > 0) CollectionsMarshal.GetValueRefOrAddDefault(bySet, (row.Labels, row.State, row.WaitReason), out _)++;
        }

        Dictionary<GoroutineLabel, int> numbers = [];
        List<Part> parts = [];
        foreach (((int set, GoroutineState state, int reason), int count) in bySet)
        {
            foreach (GoroutineLabel label in sets[set])
            {
                ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, label, out bool known);
                if (!known) number = numbers.Count - 1;
                parts.Add(new Part(number, state, reason, count));
            }
        }

        // A service that labels each request has a label for each: sorting plain numbers is cheaper than a table of tables.
        parts.Sort();
        LabelledGoroutines[] counted = new LabelledGoroutines[numbers.Count];
        ReadOnlySpan<Part> sorted = CollectionsMarshal.AsSpan(parts);
        foreach ((GoroutineLabel label, int number) in numbers)
        {
            int from = FirstOf(sorted, number);
            counted[number] = Count(label, sorted[from..FirstOf(sorted, number + 1)], table);
        }

        Array.Sort(counted, MostFirst);
        return ImmutableCollectionsMarshal.AsImmutableArray(counted);
    }

    /// <param name="parts">Those of the label, in the order of state and reason.</param>
    private static LabelledGoroutines Count(GoroutineLabel label, ReadOnlySpan<Part> parts, GoroutineTable table)
    {
        List<(GoroutineState State, string WaitReason, int Count)> states = new(1);
        int total = 0;
        for (int i = 0; i < parts.Length;)
        {
            int count = 0, first = i;
            while (i < parts.Length && parts[i].State == parts[first].State && parts[i].Reason == parts[first].Reason) count += parts[i++].Count;
            states.Add((parts[first].State, table.WaitReasons[parts[first].Reason], count));
            total += count;
        }

        return new LabelledGoroutines(label, total, states.Count == 1 ? [states[0]] : [.. states.OrderByDescending(state => state.Count)]);
    }

    private static int FirstOf(ReadOnlySpan<Part> sorted, int label)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Label < label) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static int MostFirst(LabelledGoroutines left, LabelledGoroutines right)
    {
        if (left.Count != right.Count) return right.Count.CompareTo(left.Count);
        int byKey = string.CompareOrdinal(left.Label.Key, right.Label.Key);
        return byKey != 0 ? byKey : string.CompareOrdinal(left.Label.Value, right.Label.Value);
    }

    private readonly record struct Part(int Label, GoroutineState State, int Reason, int Count) : IComparable<Part>
    {
        public int CompareTo(Part other)
        {
            if (Label != other.Label) return Label.CompareTo(other.Label);
            return State != other.State ? State.CompareTo(other.State) : Reason.CompareTo(other.Reason);
        }
    }
}

/// <summary>A label and its goroutines.</summary>
/// <param name="States">What they do, most frequent first.</param>
public sealed record LabelledGoroutines(GoroutineLabel Label, int Count, ImmutableArray<(GoroutineState State, string WaitReason, int Count)> States);
