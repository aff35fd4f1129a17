using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Sampling;

/// <summary>Groups goroutines by where they were made and what they do now.</summary>
internal static class GroupDerivation
{
    /// <summary>Distinct stacks kept per group; the most frequent ones.</summary>
    private const int StacksPerGroup = 50;

    /// <summary>Labels kept per group; a service that labels requests has one for each.</summary>
    public const int LabelsPerGroup = 20;

    public static Reading<ImmutableArray<GoroutineGroup>> Derive(
        Reading<GoroutineTable> previous, Reading<ImmutableArray<GoroutineGroup>> derived, Reading<GoroutineTable> current)
    {
        if (!current.TryGet(out GoroutineTable? now)) return current.Absent<ImmutableArray<GoroutineGroup>>();
        GoroutineTable? then = previous.ValueOr(null);
        if (derived.HasValue && then is not null && (ReferenceEquals(then, now) || then.NowNanoseconds == now.NowNanoseconds))
            return Reading.From(current.State, derived.Value, current.Reason);

        Dictionary<GroupKey, int>? countsBefore = derived.HasValue && then is not null
            ? derived.Value.ToDictionary(group => group.Key, group => group.Count)
            : null;
        Rates? rates = Rates.Between(then?.NowNanoseconds, now.NowNanoseconds);
        return Reading.From(current.State, Group(now, countsBefore, rates), current.Reason);
    }

    private static ImmutableArray<GoroutineGroup> Group(GoroutineTable table, Dictionary<GroupKey, int>? countsBefore, Rates? rates)
    {
        Dictionary<(int, int, GoroutineState, int), Accumulator> groups = [];
        foreach (ref readonly GoroutineRow row in table.Rows.AsSpan())
        {
            ref Accumulator group = ref CollectionsMarshal.GetValueRefOrAddDefault(
                groups, (row.CreatedBy, row.StartFunction, row.State, row.WaitReason), out _)!;
            group.Count++;
            if (row.WaitSinceNanoseconds > 0 && (group.OldestSince == 0 || row.WaitSinceNanoseconds < group.OldestSince))
                group.OldestSince = row.WaitSinceNanoseconds;
            if (row.Stack >= 0)
            {
                group.Stacks ??= [];
                CollectionsMarshal.GetValueRefOrAddDefault(group.Stacks, row.Stack, out _)++;
            }

            if (row.Labels > 0)
            {
                group.LabelSets ??= [];
                CollectionsMarshal.GetValueRefOrAddDefault(group.LabelSets, row.Labels, out _)++;
            }
        }

        // Locations may repeat under different indices (two call sites inlined to one place), so join by what is shown.
        Dictionary<GroupKey, Accumulator> byKey = new(groups.Count);
        foreach (((int createdBy, int start, GoroutineState state, int reason), Accumulator group) in groups)
        {
            GroupKey key = new(
                createdBy >= 0 ? table.Locations[createdBy] : new CodeLocation("", "", 0),
                start >= 0 ? table.Locations[start].Function : "",
                state,
                table.WaitReasons[reason]);
            ref Accumulator joined = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out bool exists)!;
            joined = exists ? Accumulator.Join(joined, group) : group;
        }

        return
        [
            .. byKey
                .Select(pair => new GoroutineGroup(
                    pair.Key,
                    pair.Value.Count,
                    Change(pair.Key, pair.Value.Count, countsBefore, rates),
                    pair.Value.OldestSince > 0
                        ? Reading.Of(Math.Max(0, (table.NowNanoseconds - pair.Value.OldestSince) / 1e9))
                        : Reading.NotYet<double>("Go notes the time of waiting only when a GC cycle runs"),
                    Stacks(pair.Value.Stacks, table))
                {
                    CountBefore = countsBefore?.GetValueOrDefault(pair.Key),
                    Labels = Labels(pair.Value.LabelSets, table),
                })
                .OrderByDescending(group => group.Count)
                .ThenBy(group => group.Key.StartFunction, StringComparer.Ordinal)
                .ThenBy(group => group.Key.WaitReason, StringComparer.Ordinal),
        ];
    }

    private static Reading<double> Change(GroupKey key, int count, Dictionary<GroupKey, int>? before, Rates? rates)
    {
        if (before is null || rates is not { } over) return Rates.NotYet();
        return Reading.Of((count - before.GetValueOrDefault(key)) / over.Seconds);
    }

    private static ImmutableArray<StackShape> Stacks(Dictionary<int, int>? stacks, GoroutineTable table) =>
        stacks is null
            ? []
            :
            [
                .. stacks.OrderByDescending(stack => stack.Value).ThenBy(stack => stack.Key).Take(StacksPerGroup)
                    .Select(stack => new StackShape(stack.Value, [.. table.Stacks[stack.Key].Select(frame => table.Locations[frame])])),
            ];

    private static ImmutableArray<LabelCount> Labels(Dictionary<int, int>? sets, GoroutineTable table)
    {
        if (sets is null || !table.LabelSets.TryGet(out ImmutableArray<ImmutableArray<GoroutineLabel>> known)) return [];
        Dictionary<GoroutineLabel, int> counts = [];
        foreach ((int set, int count) in sets)
        {
            foreach (GoroutineLabel label in known[set]) CollectionsMarshal.GetValueRefOrAddDefault(counts, label, out _) += count;
        }

        return
        [
            .. counts.Select(pair => new LabelCount(pair.Key, pair.Value))
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Label.Key, StringComparer.Ordinal).ThenBy(pair => pair.Label.Value, StringComparer.Ordinal)
                .Take(LabelsPerGroup),
        ];
    }

    private struct Accumulator
    {
        public int Count;
        public long OldestSince;
        public Dictionary<int, int>? Stacks;
        public Dictionary<int, int>? LabelSets;

        public static Accumulator Join(Accumulator a, Accumulator b)
        {
            Accumulator joined = new()
            {
                Count = a.Count + b.Count,
                OldestSince = a.OldestSince == 0 ? b.OldestSince : b.OldestSince == 0 ? a.OldestSince : Math.Min(a.OldestSince, b.OldestSince),
                Stacks = Sum(a.Stacks, b.Stacks),
                LabelSets = Sum(a.LabelSets, b.LabelSets),
            };
            return joined;
        }

        private static Dictionary<int, int>? Sum(Dictionary<int, int>? into, Dictionary<int, int>? counts)
        {
            if (into is null || counts is null) return into ?? counts;
            foreach ((int key, int count) in counts) CollectionsMarshal.GetValueRefOrAddDefault(into, key, out _) += count;
            return into;
        }
    }
}
