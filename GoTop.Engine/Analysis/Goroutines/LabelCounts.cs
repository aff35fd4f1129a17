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

        Dictionary<GoroutineLabel, Dictionary<(GoroutineState, int), int>> byLabel = [];
        foreach (((int set, GoroutineState state, int reason), int count) in bySet)
        {
            foreach (GoroutineLabel label in sets[set])
            {
                ref Dictionary<(GoroutineState, int), int>? states = ref CollectionsMarshal.GetValueRefOrAddDefault(byLabel, label, out _);
                states ??= [];
                CollectionsMarshal.GetValueRefOrAddDefault(states, (state, reason), out _) += count;
            }
        }

        return
        [
            .. byLabel.Select(pair => new LabelledGoroutines(
                    pair.Key,
                    pair.Value.Values.Sum(),
                    [
                        .. pair.Value.OrderByDescending(state => state.Value).ThenBy(state => state.Key)
                            .Select(state => (state.Key.Item1, table.WaitReasons[state.Key.Item2], state.Value)),
                    ]))
                .OrderByDescending(label => label.Count)
                .ThenBy(label => label.Label.Key, StringComparer.Ordinal)
                .ThenBy(label => label.Label.Value, StringComparer.Ordinal),
        ];
    }
}

/// <param name="States">What they do, most frequent first.</param>
public sealed record LabelledGoroutines(GoroutineLabel Label, int Count, ImmutableArray<(GoroutineState State, string WaitReason, int Count)> States);
