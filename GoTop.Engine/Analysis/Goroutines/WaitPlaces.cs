using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>What goroutines wait for, as far as it bears on locks and channels.</summary>
public enum WaitClass : byte
{
    /// <summary>Locks, semaphores, wait groups and conditions of package sync.</summary>
    Lock,

    /// <summary>A send that nobody receives.</summary>
    Send,

    /// <summary>A receive or a select: what idle workers do, too.</summary>
    Receive,
}

/// <summary>Goroutines that wait in the same way at the same place.</summary>
/// <param name="Reason">In Go's words, e.g. <c>sync.Mutex.Lock</c>.</param>
/// <param name="Where">The innermost place in the program's own code; its start function where no stack was read.</param>
/// <param name="OldestNanoseconds">The longest wait known among them, at least this long; 0 when none is known.</param>
/// <param name="Stack">Of one of them, innermost first; empty where none was read.</param>
public sealed record WaitPlace(WaitClass Class, string Reason, CodeLocation Where, int Count, long OldestNanoseconds, ImmutableArray<CodeLocation> Stack)
{
    /// <summary>What they wait on, most waiters first; default where that was not read.</summary>
    public ImmutableArray<WaitedOn> On { get; init; }
}

/// <param name="Waiters">Goroutines of the place that wait on it.</param>
public readonly record struct WaitedOn(WaitObject What, int Waiters);

/// <summary>Where goroutines wait for locks and channels at a moment.</summary>
public static class WaitPlaces
{
    /// <summary>Most goroutines first.</summary>
    public static ImmutableArray<WaitPlace> Of(GoroutineTable table)
    {
        GoroutineWaits? waits = table.Waits.ValueOr(null);
        WaitClass?[] classes = [.. table.WaitReasons.Select(ClassOf)];
        Dictionary<(int Reason, CodeLocation Where), Sum> sums = [];
        int wait = 0;
        for (int index = 0; index < table.Rows.Length; index++)
        {
            ref readonly GoroutineRow row = ref table.Rows.ItemRef(index);
            int firstWait = wait;
            // Both are in the order of the rows.
            while (waits is not null && wait < waits.Waits.Length && waits.Waits[wait].Row == index) wait++;
            if (row.State is not (GoroutineState.Waiting or GoroutineState.Leaked) || classes[row.WaitReason] is not { } kind) continue;
            ref Sum? sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (row.WaitReason, OwnCode.Of(table, row)), out _);
            sum ??= new Sum(kind);
            sum.Add(table, row);
            for (int i = firstWait; i < wait; i++) CollectionsMarshal.GetValueRefOrAddDefault(sum.On, waits!.Waits[i].WaitsOn, out _)++;
        }

        return
        [
            .. sums.Select(entry => entry.Value.ToPlace(table, waits, entry.Key.Reason, entry.Key.Where))
                .OrderByDescending(place => place.Count).ThenBy(place => place.Where.Function, StringComparer.Ordinal).ThenBy(place => place.Where.Line)
                .ThenBy(place => place.Reason, StringComparer.Ordinal),
        ];
    }

    /// <summary>Null for waits that have nothing to do with locks or channels: I/O, sleeping, the collector's.</summary>
    /// <remarks>The texts are the target's own and grow with each release, so they are matched by their beginnings.</remarks>
    public static WaitClass? ClassOf(string reason) => reason switch
    {
        _ when reason.StartsWith("sync.", StringComparison.Ordinal) || reason == "semacquire" => WaitClass.Lock,
        _ when reason.StartsWith("chan send", StringComparison.Ordinal) => WaitClass.Send,
        _ when reason.StartsWith("chan receive", StringComparison.Ordinal) || reason.StartsWith("select", StringComparison.Ordinal) => WaitClass.Receive,
        _ => null,
    };

    private sealed class Sum(WaitClass kind)
    {
        private int _count;
        private int _stack = -1;
        private long _oldest;

        /// <summary>How many wait on each object, by its number.</summary>
        public Dictionary<int, int> On { get; } = [];

        public void Add(GoroutineTable table, in GoroutineRow row)
        {
            _count++;
            if (_stack < 0) _stack = row.Stack;
            if (row.WaitSinceNanoseconds > 0) _oldest = Math.Max(_oldest, table.NowNanoseconds - row.WaitSinceNanoseconds);
        }

        public WaitPlace ToPlace(GoroutineTable table, GoroutineWaits? waits, int reason, CodeLocation where)
        {
            ImmutableArray<CodeLocation> stack = _stack < 0 ? [] : [.. table.Stacks[_stack].Select(frame => table.Locations[frame])];
            return new WaitPlace(kind, table.WaitReasons[reason], where, _count, _oldest, stack)
            {
                On = waits is null ? default : [.. On.Select(on => new WaitedOn(waits.Objects[on.Key], on.Value)).OrderByDescending(on => on.Waiters).ThenBy(on => on.What.Address)],
            };
        }
    }
}
