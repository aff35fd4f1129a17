namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Reads the events of one P, batch after batch. <see cref="Scanner"/> has checked their form.</summary>
internal sealed class BatchCursor(Contents contents, IdTable goroutines, int proc)
{
    /// <summary>The P has none running. Its place is that of goroutine 0.</summary>
    private const int NoGoroutine = 0;

    private int _nextBatch = contents.Procs[proc].FirstBatch;
    private int _position;
    private int _end;
    private long _ticks;
    private int _running = NoGoroutine;

    /// <summary>The event at hand.</summary>
    public RawEvent Event;

    /// <summary>What it asks and does.</summary>
    public Transition Transition;

    /// <summary>Of <see cref="EventType.GoSysExit"/>: when the call was left, if that is known; else 0.</summary>
    public long ExitTicks;

    /// <summary>The next cursor that waits for the same; −1: none.</summary>
    public int NextWaiting = -1;

    /// <returns>False after the last event.</returns>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> bytes = contents.Bytes;
        while (true)
        {
            if (_position >= _end)
            {
                if (_nextBatch < 0) return false;
                Batch batch = contents.Batches[_nextBatch];
                (_position, _end, _ticks, _nextBatch) = (batch.Start, batch.End, batch.Ticks, batch.Next);
                continue;
            }

            int record = _position;
            int position = record + 1;
            byte head = bytes[record];
            EventType type = (EventType)(head & 0x3F);
            if (type == EventType.String)
            {
                Varint.TrySkip(bytes, ref position);
                _position = (int)Varint.Read(bytes, ref position) + position;
                continue;
            }

            bool isPrefixed = head >> 6 == 3;
            int length = isPrefixed ? (int)Varint.Read(bytes, ref position) : 0;
            if (type is EventType.Frequency or EventType.TimerGoroutine or EventType.Stack or EventType.CPUSample)
            {
                for (int i = 0; !isPrefixed && i <= head >> 6; i++) Varint.TrySkip(bytes, ref position);
                _position = position + length;
                continue;
            }

            Decode(bytes, record, type, position);
            return true;
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes, int record, EventType type, int position)
    {
        _ticks = unchecked(_ticks + (long)Varint.Read(bytes, ref position));
        int arguments = EventSpecs.Arguments(type);
        ulong first = arguments > 0 ? Varint.Read(bytes, ref position) : 0;
        ulong second = arguments > 1 ? Varint.Read(bytes, ref position) : 0;
        ulong third = arguments > 2 ? Varint.Read(bytes, ref position) : 0;
        uint stack = EventSpecs.HasStack(type) ? (uint)Varint.Read(bytes, ref position) : 0;
        if (type == EventType.UserLog) position = (int)Varint.Read(bytes, ref position) + position;
        _position = position;

        Event = new RawEvent { Ticks = _ticks, Offset = record, Goroutine = _running, Stack = stack, Proc = (ushort)proc, Type = type };
        switch (type)
        {
            case EventType.GoStart:
            case EventType.GoStartLabel:
                Start(first);
                Transition = Transition.Start(_running, second);
                break;
            case EventType.GoStartLocal:
                Start(first);
                Transition = Transition.StartLocal(_running);
                Event.Type = EventType.GoStart;
                break;
            case EventType.GoBlock or EventType.GoBlockSend or EventType.GoBlockRecv or EventType.GoBlockSelect or EventType.GoBlockSync
                or EventType.GoBlockCond or EventType.GoBlockNet or EventType.GoBlockGC or EventType.GoSleep or EventType.GoSysBlock:
                Transition = Transition.Block(_running);
                _running = NoGoroutine;
                break;
            case EventType.GoSched or EventType.GoPreempt:
                Transition = Transition.Yield(_running);
                _running = NoGoroutine;
                break;
            case EventType.GoEnd or EventType.GoStop:
                Transition = Transition.None;
                _running = NoGoroutine;
                break;
            case EventType.GoUnblock:
                Transition = Transition.Unblock(goroutines.FindOrAdd(first), second);
                break;
            case EventType.GoUnblockLocal:
                Transition = Transition.UnblockLocal(goroutines.FindOrAdd(first));
                Event.Type = EventType.GoUnblock;
                break;
            case EventType.GoSysExit:
                Event.Goroutine = goroutines.FindOrAdd(first);
                Transition = Transition.Unblock(Event.Goroutine, second);
                ExitTicks = (long)third;
                break;
            case EventType.GoSysExitLocal:
                Transition = Transition.UnblockLocal(goroutines.FindOrAdd(first));
                Event.Type = EventType.GoSysExit;
                ExitTicks = 0;
                break;
            case EventType.GoCreate:
                Transition = Transition.Create(goroutines.FindOrAdd(first));
                break;
            case EventType.GoWaiting or EventType.GoInSyscall:
                Event.Goroutine = goroutines.FindOrAdd(first);
                Transition = Transition.Found(Event.Goroutine);
                break;
            case EventType.GCStart:
                Transition = Transition.CollectorStart(first);
                break;
            default:
                Transition = Transition.None;
                break;
        }
    }

    private void Start(ulong goroutine) => Event.Goroutine = _running = goroutines.FindOrAdd(goroutine);
}
