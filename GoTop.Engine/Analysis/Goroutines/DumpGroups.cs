using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>Goroutines of a dump that were made at one place, stand at one place and wait for the same thing.</summary>
/// <param name="Key">What they have in common.</param>
/// <param name="OldestMinutes">The longest wait among them; null where the runtime printed none: less than a minute, or not noted yet.</param>
/// <param name="LockedToThread">How many of them.</param>
/// <param name="Incomplete">How many of them the text ends in: their stack is a part.</param>
/// <param name="StackUnavailable">How many of them ran on another thread, so that their stack could not be printed.</param>
/// <param name="Tags">What they are busy with (<see cref="StackTags"/>).</param>
/// <param name="Labels">Profiler labels among them, most frequent first, at most <see cref="DumpGroups.LabelsKept"/>.</param>
/// <param name="FirstId">Of the first one printed; 0 when the text has no ids.</param>
public sealed record DumpGroup(
    DumpGroupKey Key, long Count, int? OldestMinutes, long LockedToThread, long Incomplete, long StackUnavailable,
    ImmutableArray<string> Tags, ImmutableArray<LabelCount> Labels, long FirstId);

/// <param name="State">Null where the text does not tell it (debug=1).</param>
/// <param name="WaitReason">Go's words; empty when not waiting.</param>
/// <param name="CreatedBy">Null when not told: the main goroutine, and debug=1.</param>
public sealed record DumpGroupKey(GoroutineState? State, string WaitReason, CodeLocation? CreatedBy, StackFrames Stack);

public readonly record struct LabelCount(GoroutineLabel Label, long Count);

/// <summary>Groups the goroutines of a dump. Pure.</summary>
public static class DumpGroups
{
    public const int LabelsKept = 10;

    /// <summary>Largest first; of equals the one printed first.</summary>
    public static ImmutableArray<DumpGroup> Of(GoroutineDump dump)
    {
        // The tables are distinct by content, so equal indices mean equal things, and no text is compared.
        Dictionary<(int Status, int CreatedBy, int Stack), int> byKey = [];
        ImmutableArray<int> classes = StatusClasses(dump.Statuses);
        List<Accumulator> groups = [];
        for (int i = 0; i < dump.Rows.Length; i++)
        {
            DumpedGoroutine row = dump.Rows[i];
            int status = row.Status < 0 ? -1 : classes[row.Status];
            ref int group = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, (status, row.CreatedBy, row.Stack), out bool exists);
            if (!exists)
            {
                group = groups.Count;
                groups.Add(new Accumulator(i));
            }

            groups[group].Add(row, dump);
        }

        return [.. groups.OrderByDescending(group => group.Count).Select(group => group.ToGroup(dump))];
    }

    /// <summary>By status the first one that differs in no more than the thread lock and the test bubble.</summary>
    private static ImmutableArray<int> StatusClasses(ImmutableArray<GoroutineStatus> statuses)
    {
        Dictionary<(GoroutineState, string), int> first = [];
        ImmutableArray<int>.Builder classes = ImmutableArray.CreateBuilder<int>(statuses.Length);
        for (int i = 0; i < statuses.Length; i++)
        {
            first.TryAdd((statuses[i].State, statuses[i].WaitReason), i);
            classes.Add(first[(statuses[i].State, statuses[i].WaitReason)]);
        }

        return classes.MoveToImmutable();
    }

    private sealed class Accumulator(int firstRow)
    {
        private int _oldestMinutes;
        private long _locked;
        private long _incomplete;
        private long _unavailable;
        private Dictionary<int, long>? _labels;

        public long Count { get; private set; }

        public void Add(in DumpedGoroutine row, GoroutineDump dump)
        {
            Count += row.Count;
            _oldestMinutes = Math.Max(_oldestMinutes, row.WaitMinutes);
            if (row.Status >= 0 && dump.Statuses[row.Status].LockedToThread) _locked++;
            if (row.Marks.HasFlag(DumpedGoroutineMarks.Incomplete)) _incomplete++;
            if (row.Marks.HasFlag(DumpedGoroutineMarks.StackUnavailable)) _unavailable++;
            if (row.Labels < 0) return;
            _labels ??= [];
            CollectionsMarshal.GetValueRefOrAddDefault(_labels, row.Labels, out _) += row.Count;
        }

        public DumpGroup ToGroup(GoroutineDump dump)
        {
            DumpedGoroutine first = dump.Rows[firstRow];
            GoroutineStatus? status = first.Status < 0 ? null : dump.Statuses[first.Status];
            StackFrames stack = StackFrames.None;
            if (first.Stack >= 0)
            {
                DumpedFrames frames = dump.Stacks[first.Stack];
                stack = new StackFrames([.. frames.Frames.Select(frame => dump.Locations[frame])], frames.ElidedAfter, frames.ElidedFrames);
            }

            DumpGroupKey key = new(status?.State, status?.WaitReason ?? "", first.CreatedBy < 0 ? null : dump.Locations[first.CreatedBy], stack);
            return new DumpGroup(
                key, Count, _oldestMinutes > 0 ? _oldestMinutes : null, _locked, _incomplete, _unavailable,
                StackTags.Of(stack.Frames.Select(frame => frame.Function), key.WaitReason), Labels(dump), first.Id);
        }

        private ImmutableArray<LabelCount> Labels(GoroutineDump dump)
        {
            if (_labels is null) return [];
            Dictionary<GoroutineLabel, long> counts = [];
            foreach ((int set, long count) in _labels)
            {
                foreach (GoroutineLabel label in dump.LabelSets[set]) CollectionsMarshal.GetValueRefOrAddDefault(counts, label, out _) += count;
            }

            return
            [
                .. counts.OrderByDescending(label => label.Value).ThenBy(label => label.Key.Key, StringComparer.Ordinal).ThenBy(label => label.Key.Value, StringComparer.Ordinal)
                    .Take(LabelsKept).Select(label => new LabelCount(label.Key, label.Value)),
            ];
        }
    }
}
