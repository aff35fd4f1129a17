namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Merges the events of all Ps into one order: always the earliest of those events, one of each P, that the states of their
/// goroutines allow (<c>internal/trace/order.go</c>). A goroutine's leaving of a system call is written down when it runs
/// again, with the time at which it left; it is put in the order by that time at last.
/// </summary>
internal sealed class EventOrder
{
    private const string TimesDisagree = "its times contradict the order of its events";

    private readonly Contents _contents;
    private readonly IdTable _goroutines = new();
    private readonly TraceLimits _limits;
    private readonly List<BatchCursor> _cursors = [];
    private readonly Frontier _frontier = new();

    /// <summary>Cursors whose event cannot come yet, by what it needs: the first of a chain.</summary>
    private readonly Dictionary<Need, int> _waiting = [];

    private readonly RawEvent[] _events;
    private readonly List<int> _retimed = [];
    private GoroutineState[] _states;
    private GoroutineState _collector;
    private int _nextSample;
    private int _count;
    private long _lastTicks = long.MinValue;

    private EventOrder(Contents contents, TraceLimits limits)
    {
        _contents = contents;
        _limits = limits;
        _goroutines.FindOrAdd(0);
        _states = new GoroutineState[Math.Min(256, limits.MaxLive)];
        _events = GC.AllocateUninitializedArray<RawEvent>(contents.Events + contents.CpuSamples.Count);
    }

    /// <exception cref="TraceFormatException">No order agrees with all events, or their times with none.</exception>
    public static OrderedEvents Order(Contents contents, TraceLimits limits)
    {
        EventOrder order = new(contents, limits);
        order.Merge();
        order._retimed.Sort(order.CompareRetimed);
        return new OrderedEvents(order._events, order._retimed, order._goroutines);
    }

    /// <summary>Of the CPU samples, in the frontier.</summary>
    private int SampleCursor => _contents.Procs.Count;

    private void Merge()
    {
        for (int proc = 0; proc < _contents.Procs.Count; proc++)
        {
            _cursors.Add(new BatchCursor(_contents, _goroutines, proc));
            Place(proc);
        }

        // They are written down late and in no order; nothing else depends on them.
        _contents.CpuSamples.Sort(static (one, other) => one.Ticks.CompareTo(other.Ticks));
        PlaceSample();
        while (!_frontier.IsEmpty)
        {
            int first = _frontier.First;
            _frontier.RemoveFirst();
            if (first == SampleCursor) TakeSample();
            else Take(first);
        }

        if (_waiting.Count > 0) throw new TraceFormatException("no order of its events is possible: this one can never come", _waiting.Values.Min(cursor => _cursors[cursor].Event.Offset));
    }

    /// <summary>Takes the cursor's event, and those after it that come before all other cursors'.</summary>
    private void Take(int index)
    {
        BatchCursor cursor = _cursors[index];
        do
        {
            Append(ref cursor.Event, cursor.ExitTicks);
            int subject = cursor.Transition.Subject;
            if (subject != Transition.Nothing)
            {
                Apply(cursor.Transition, cursor.Event.Offset);
                if (_waiting.Count > 0) Wake(subject);
            }

            if (!Advance(cursor)) return;
            if (IsReady(cursor.Transition)) continue;
            Wait(index);
            return;
        }
        while (_frontier.IsEmpty || cursor.Event.Ticks < _frontier.FirstTicks);

        _frontier.Add(cursor.Event.Ticks, index);
    }

    private bool Advance(BatchCursor cursor)
    {
        if (!cursor.MoveNext()) return false;
        if (_goroutines.Count > _states.Length) MakeRoom(cursor.Event.Offset);
        return true;
    }

    private void Place(int index)
    {
        BatchCursor cursor = _cursors[index];
        if (!Advance(cursor)) return;
        if (IsReady(cursor.Transition)) _frontier.Add(cursor.Event.Ticks, index);
        else Wait(index);
    }

    private void PlaceSample()
    {
        if (_nextSample < _contents.CpuSamples.Count) _frontier.Add(_contents.CpuSamples[_nextSample].Ticks, SampleCursor);
    }

    private void TakeSample()
    {
        CpuSample sample = _contents.CpuSamples[_nextSample++];
        int goroutine = _goroutines.FindOrAdd(sample.Goroutine);
        if (_goroutines.Count > _states.Length) MakeRoom(sample.Offset);
        RawEvent each = new() { Ticks = sample.Ticks, Offset = sample.Offset, Goroutine = goroutine, Stack = sample.Stack, Type = EventType.CPUSample };
        Append(ref each, 0);
        PlaceSample();
    }

    /// <summary>One goroutine more at most has been met.</summary>
    private void MakeRoom(int offset)
    {
        if (_states.Length >= _limits.MaxLive) throw new TraceFormatException($"it has more than {_limits.MaxLive} goroutines", offset);
        Array.Resize(ref _states, Math.Min(_states.Length * 2, _limits.MaxLive));
    }

    private void Wait(int cursor)
    {
        Transition transition = _cursors[cursor].Transition;
        Need need = new(transition.Subject, transition.Sequence, transition.Status);
        _cursors[cursor].NextWaiting = _waiting.GetValueOrDefault(need, -1);
        _waiting[need] = cursor;
    }

    private void Wake(int subject)
    {
        ref GoroutineState state = ref State(subject);
        Wake(new Need(subject, state.Sequence, state.Status));
        Wake(new Need(subject, Transition.AnySequence, state.Status));
    }

    private void Wake(Need need)
    {
        if (!_waiting.Remove(need, out int cursor)) return;
        for (; cursor >= 0; cursor = _cursors[cursor].NextWaiting) _frontier.Add(_cursors[cursor].Event.Ticks, cursor);
    }

    private bool IsReady(in Transition transition)
    {
        if (transition.Subject == Transition.Nothing) return true;
        ref GoroutineState state = ref State(transition.Subject);
        return state.Status == transition.Status && (transition.Sequence == Transition.AnySequence || transition.Sequence == state.Sequence);
    }

    private void Apply(in Transition transition, int offset)
    {
        // Another P's event may have changed the state since this one was found ready.
        if (!IsReady(transition)) throw new TraceFormatException("an event does not fit the state that another P's event gave its goroutine", offset);
        ref GoroutineState state = ref State(transition.Subject);
        state.Status = transition.NextStatus;
        if (transition.NextSequence == Transition.FollowingSequence) state.Sequence++;
        else if (transition.NextSequence != Transition.AnySequence) state.Sequence = transition.NextSequence;
    }

    private ref GoroutineState State(int subject) => ref subject == Transition.Collector ? ref _collector : ref _states[subject];

    private void Append(ref RawEvent each, long exitTicks)
    {
        if (each.Ticks < _lastTicks) throw new TraceFormatException(TimesDisagree, each.Offset);
        _lastTicks = each.Ticks;
        ref GoroutineState state = ref _states[each.Goroutine];
        switch (each.Type)
        {
            case EventType.GoSysBlock:
                state.SyscallTicks = each.Ticks;
                if (state.LatestFromOne > 0 && _events[state.LatestFromOne - 1].Type == EventType.GoSysCall) _events[state.LatestFromOne - 1].Type = EventType.GoSysCallThatBlocked;
                break;
            case EventType.GoInSyscall:
                state.SyscallTicks = each.Ticks;
                break;
            case EventType.GoSysExit when exitTicks != 0:
                if (state.SyscallTicks == 0) throw new TraceFormatException("a goroutine leaves a system call that it never was in", each.Offset);
                if (exitTicks < state.SyscallTicks) throw new TraceFormatException(TimesDisagree, each.Offset);
                each.Ticks = exitTicks;
                each.IsRetimed = true;
                _retimed.Add(_count);
                break;
        }

        _events[_count++] = each;
        state.LatestFromOne = _count;
    }

    private int CompareRetimed(int one, int other)
    {
        int byTime = _events[one].Ticks.CompareTo(_events[other].Ticks);
        return byTime != 0 ? byTime : one.CompareTo(other);
    }

    private struct GoroutineState
    {
        public ulong Sequence;

        /// <summary>When its last blocking system call is known to have blocked; 0: never.</summary>
        public long SyscallTicks;

        /// <summary>Its latest event, counted from 1; 0: none yet.</summary>
        public int LatestFromOne;

        public OrderStatus Status;
    }

    private readonly record struct Need(int Subject, ulong Sequence, OrderStatus Status)
    {
        /// <summary>Seeded anew in each process: no file can be made whose needs all fall together.</summary>
        public override int GetHashCode() => HashCode.Combine(Subject, Sequence, Status);
    }
}
