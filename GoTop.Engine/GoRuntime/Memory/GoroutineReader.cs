using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Memory.Labels;
using GoTop.Engine.GoRuntime.Memory.Waits;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Reads runtime.allgs while the program runs on. What is caught in the middle of a change is left out and counted; when
/// more than a few are, the whole read is refused. Buffers and look-ups are kept from read to read.
/// </summary>
internal sealed class GoroutineReader
{
    /// <summary>One in this many records may be torn; a busy service shows one in some hundreds.</summary>
    private const int TolerableTornShare = 20;
    private const int TolerableTorn = 16;
    private const int MaximumPresized = 1 << 17;
    private const ulong MaximumLength = 1UL << 34;

    private readonly TargetMemory _memory;
    private readonly ulong _lengthAt;
    private readonly ulong _pointerAt;
    private readonly ImmutableArray<string> _waitReasons;
    private readonly bool[] _waitsForRuntimeWork;
    private readonly Func<long> _nowNanoseconds;
    private readonly LabelReader _labels;
    private readonly WaitReader? _waits;
    private readonly CodeIndex _code;
    private readonly StackInterner _stacks;
    private readonly StackWalker _walker;
    private readonly GoroutineBatch _batch;
    private readonly StackSelection _selection;
    private readonly HashSet<long> _ids = [];
    private readonly List<WalkRequest> _walks = [];
    private readonly List<WalkRequest> _retries = [];
    private ulong[] _pointers = [];
    private GoroutineRow[] _rows = [];
    private RowPointers[] _places = [];

    /// <param name="waits">Null when this program does not tell what goroutines wait on.</param>
    public GoroutineReader(
        CodeIndex code, StackInterner stacks, TargetMemory memory, GoroutineLayout layout, ulong lengthAt, ulong pointerAt,
        ImmutableArray<string> waitReasons, LabelReader labels, WaitReader? waits, Func<long> nowNanoseconds)
    {
        _memory = memory;
        _lengthAt = lengthAt;
        _pointerAt = pointerAt;
        _waitReasons = waitReasons;
        _waitsForRuntimeWork = [.. waitReasons.Select(reason => reason is "finalizer wait" or "cleanup wait")];
        _labels = labels;
        _waits = waits;
        _nowNanoseconds = nowNanoseconds;
        _code = code;
        _stacks = stacks;
        _walker = new StackWalker(_code, _stacks, memory, layout);
        _batch = new GoroutineBatch(memory, layout);
        _selection = new StackSelection(_code, waitReasons);
    }

    public Reading<GoroutineTable> Read(Interest interest, int cap)
    {
        _stacks.BeginRead(_code.TrimBetweenReads());
        _selection.BeginRead(interest);
        _ids.Clear();
        // The length first: the list only grows, so that it is never longer than what the pointer then points to.
        if (!_memory.TryReadWord(_lengthAt, out ulong length) || !_memory.TryReadWord(_pointerAt, out ulong list))
        {
            return Reading.Failed<GoroutineTable>($"the list of goroutines at 0x{_lengthAt:x} could not be read");
        }

        if (length is 0 or > MaximumLength) return Reading.Failed<GoroutineTable>($"the list of goroutines at 0x{_lengthAt:x} claims {length} entries");
        int count = (int)Math.Min(length, (ulong)Math.Max(1, cap));
        // Most entries are rows, unless a crowd of goroutines has come and gone: then it grows as needed.
        int expected = Math.Min(count, MaximumPresized);
        if (_rows.Length < expected) (_rows, _places) = (new GoroutineRow[expected], new RowPointers[expected]);
        _ids.EnsureCapacity(expected);
        long now = _nowNanoseconds();
        Tally tally = default;
        for (int from = 0; from < count; from += GoroutineBatch.Size)
        {
            int size = Math.Min(GoroutineBatch.Size, count - from);
            if (_pointers.Length < size) _pointers = new ulong[GoroutineBatch.Size];
            Span<ulong> pointers = _pointers.AsSpan(0, size);
            if (!_memory.Reader.TryRead(list + (ulong)from * 8, MemoryMarshal.AsBytes(pointers)))
            {
                return Reading.Failed<GoroutineTable>($"the list of {length} goroutines at 0x{list:x} could not be read from entry {from} on");
            }

            ReadBatch(pointers, ref tally);
            int seen = from + size;
            if (tally.Torn > TolerableTorn && tally.Torn > seen / TolerableTornShare)
            {
                return Reading.Failed<GoroutineTable>($"{tally.Torn} of {seen} goroutine records at 0x{list:x} are not plausible");
            }
        }

        Span<GoroutineRow> rows = _rows.AsSpan(0, tally.Rows);
        ReadOnlySpan<RowPointers> places = _places.AsSpan(0, tally.Rows);
        Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> labels = _labels.Read(rows, places, interest.Labels || interest.AllStacks);
        return Reading.Of(new GoroutineTable
        {
            LabelSets = labels,
            Waits = ReadWaits(rows, places, interest),
            Rows = ImmutableCollectionsMarshal.AsImmutableArray(rows.ToArray()),
            Locations = _code.Locations(),
            WaitReasons = _waitReasons,
            Stacks = _stacks.Stacks(),
            NowNanoseconds = now,
            Torn = tally.Torn + tally.TornStacks,
            SystemGoroutines = tally.System,
            BeyondCap = (int)Math.Min(int.MaxValue, length - (ulong)count),
        });
    }

    private Reading<GoroutineWaits> ReadWaits(ReadOnlySpan<GoroutineRow> rows, ReadOnlySpan<RowPointers> places, Interest interest)
    {
        if (_waits is null) return Reading.NotSupported<GoroutineWaits>("this program's type descriptors do not tell how the runtime queues up goroutines");
        if (!interest.Waits && !interest.AllStacks)
        {
            _waits.Rest();
            return Reading.NotYet<GoroutineWaits>("read while somebody looks at it");
        }

        return Reading.Of(_waits.Read(rows, places));
    }

    private void ReadBatch(ReadOnlySpan<ulong> pointers, ref Tally tally)
    {
        _batch.Read(pointers);
        _walks.Clear();
        if (_rows.Length < tally.Rows + pointers.Length)
        {
            Array.Resize(ref _rows, Math.Max(tally.Rows + pointers.Length, _rows.Length * 2));
            Array.Resize(ref _places, _rows.Length);
        }

        for (int i = 0; i < pointers.Length; i++)
        {
            if (!_batch.TryGet(i, pointers[i], out GoroutineRecord record))
            {
                tally.Torn++;
                continue;
            }

            AddRow(record, pointers[i], ref tally);
        }

        WalkStacks(ref tally);
    }

    private void AddRow(in GoroutineRecord record, ulong address, ref Tally tally)
    {
        const uint idle = (uint)GoroutineState.Idle;
        const uint dead = (uint)GoroutineState.Dead;
        const uint deadExtra = 11; // of a thread made outside Go (1.26+)
        uint status = record.Status;
        if (status is idle or dead or deadExtra) return;
        StartFunction start = record.StartPc == 0 ? new StartFunction(-1, StartKind.User) : _code.Start(record.StartPc);
        long id = record.Id;
        if (status is not (>= (uint)GoroutineState.Runnable and <= (uint)GoroutineState.Waiting or >= (uint)GoroutineState.CopyStack and <= (uint)GoroutineState.Leaked)
            || id <= 0 || start.Kind == StartKind.Unknown || !_ids.Add(id))
        {
            tally.Torn++;
            return;
        }

        bool waits = status is (uint)GoroutineState.Waiting or (uint)GoroutineState.Leaked;
        int reason = waits && record.WaitReason < _waitReasons.Length ? record.WaitReason : 0;
        if (SystemGoroutines.IsSystem(start.Kind, _waitsForRuntimeWork[reason], record.RunningCleanups))
        {
            tally.System++;
            return;
        }

        GoroutineState state = (GoroutineState)status;
        // The main goroutine is made by the start-up code, which is of no interest.
        int creator = id == 1 || record.CreatorPc == 0 ? -1 : _code.Creator(record.CreatorPc);
        long since = waits || state == GoroutineState.Syscall ? record.WaitSince : 0;
        _rows[tally.Rows] = new GoroutineRow(id, state, reason, since, creator, start.Location, record.ParentId, -1, record.LockedToThread);
        _places[tally.Rows] = new RowPointers(address, record.Labels, record.Waiting, record.StackPointer, record.Pc);
        // A running goroutine's stack is in its processor's registers.
        if (state is not (GoroutineState.Running or GoroutineState.CopyStack)
            && _selection.Wants(id, new GroupNumbers(record.CreatorPc, record.StartPc, state, reason), creator, start.Location))
        {
            _walks.Add(new WalkRequest(tally.Rows, address, id, status, record.WaitReason, record.StackLow, record.StackHigh, record.StackPointer, record.Pc, -1));
        }

        tally.Rows++;
    }

    private void WalkStacks(ref Tally tally)
    {
        Span<WalkRequest> walks = CollectionsMarshal.AsSpan(_walks);
        _walker.Walk(walks);
        _retries.Clear();
        foreach (ref readonly WalkRequest walk in walks)
        {
            if (walk.Stack < 0) _retries.Add(walk);
            else _rows[walk.Row] = _rows[walk.Row] with { Stack = walk.Stack };
        }

        // Those that moved get one more chance; the row itself was true when it was read.
        Span<WalkRequest> retries = CollectionsMarshal.AsSpan(_retries);
        foreach (ref WalkRequest retry in retries) _walker.Refresh(ref retry);
        _walker.Walk(retries);
        foreach (ref readonly WalkRequest retry in retries)
        {
            if (retry.Stack < 0) tally.TornStacks++;
            else _rows[retry.Row] = _rows[retry.Row] with { Stack = retry.Stack };
        }
    }

    private struct Tally
    {
        public int Rows;
        public int Torn;
        public int TornStacks;
        public int System;
    }
}
