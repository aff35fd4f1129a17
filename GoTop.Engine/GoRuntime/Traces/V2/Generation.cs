namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>All batches of one generation. Used again for the next one.</summary>
internal sealed class Generation : TraceGeneration
{
    private readonly TraceLimits _limits;
    private readonly ByteArena _arena = new();
    private readonly IdMap<BatchCursor> _cursorByThread = new();
    private readonly List<BatchCursor> _cursors = [];
    private readonly Stack<BatchCursor> _freeCursors = [];
    private readonly List<Batch> _stacks = [];
    private long _number;
    private int _experimentalBatches;
    private WireType _last;

    public Generation(TraceNames names, TraceLimits limits)
    {
        _limits = limits;
        Strings = new StringTable(names, limits);
        Stacks = new StackTable(Strings, limits);
        Samples = new CpuSamples(limits);
    }

    public override long Number => _number;

    public override int StackCount => Stacks.Count;

    public override TraceClockSnapshot? Clock => ClockBatch.Snapshot;

    public override int ExperimentalBatches => _experimentalBatches;

    public int Batches { get; private set; }

    public bool IsEmpty => Batches == 0;

    /// <summary>
    /// Whether it looks whole: its stacks and then its strings are what the runtime writes last. Up to Go 1.25 nothing else
    /// tells at the end of a file.
    /// </summary>
    public bool LooksWhole => _last == WireType.Strings && _stacks.Count > 0 && ClockBatch.NanosecondsPerTick != 0;

    /// <summary>One for each M that wrote, in the order in which they first did.</summary>
    public IReadOnlyList<BatchCursor> Cursors => _cursors;

    public StringTable Strings { get; }

    public StackTable Stacks { get; }

    public CpuSamples Samples { get; }

    public ClockBatch ClockBatch { get; } = new();

    /// <summary>Its end is missing.</summary>
    public bool IsPart { get; private set; }

    public PlaceInTrace Place => new(_number);

    /// <summary>Ticks of the earliest batch.</summary>
    public ulong FirstTicks { get; private set; }

    public void Clear()
    {
        _arena.Clear();
        _cursorByThread.Clear();
        foreach (BatchCursor cursor in _cursors) _freeCursors.Push(cursor);
        _cursors.Clear();
        _stacks.Clear();
        Strings.Clear();
        Stacks.Clear();
        Samples.Clear();
        ClockBatch.Clear();
        _number = Batches = _experimentalBatches = 0;
        _last = WireType.None;
        FirstTicks = 0;
    }

    /// <param name="offset">Of the data in the stream.</param>
    public void Add(BatchHeader header, ReadOnlySpan<byte> data, long offset, int version)
    {
        _number = (long)header.Generation;
        Batches++;
        if (FirstTicks == 0 || header.Ticks < FirstTicks) FirstTicks = header.Ticks;
        if (header.IsExperimental)
        {
            _experimentalBatches++;
            _last = WireType.ExperimentalBatch;
            return;
        }

        // The bookkeeping of very many very small batches counts too.
        const int BytesOfBookkeeping = 64;
        if (_arena.Bytes + data.Length + (long)Batches * BytesOfBookkeeping > _limits.MaxGenerationBytes)
            throw new TraceFormatException($"a generation of more than {_limits.MaxGenerationBytes >> 20} MiB", offset, _number, Batches);
        (byte[] block, int start) = _arena.Add(data);
        Batch batch = new(block, start, data.Length, header.Ticks, offset, Batches);
        _last = data.IsEmpty ? WireType.None : (WireType)data[0];
        switch (_last)
        {
            case WireType.Strings:
                Strings.AddBatch(batch, Place);
                break;
            case WireType.Stacks:
                // They name strings, which may come later.
                _stacks.Add(batch);
                break;
            case WireType.CpuSamples:
                Samples.AddBatch(batch, Place);
                break;
            case WireType.Frequency when version < 25:
                ClockBatch.AddBatch(batch, isSync: false, Place);
                break;
            case WireType.Sync when version >= 25:
                ClockBatch.AddBatch(batch, isSync: true, Place);
                break;
            default:
                CursorOf(header.Thread).Add(batch);
                break;
        }
    }

    /// <summary>To be called when all batches are there.</summary>
    public void Complete(int version)
    {
        if (ClockBatch.NanosecondsPerTick == 0) throw new TraceFormatException("no frequency is given", generation: _number);
        if (version >= 25 && ClockBatch.Snapshot is null) throw new TraceFormatException("no clock snapshot is given", generation: _number);
        foreach (Batch batch in _stacks) Stacks.AddBatch(batch, Place);
        Samples.Order(ClockBatch);
    }

    /// <summary>To be called instead when its end is missing: what batches lack is left out, and texts and stacks that are not there are none.</summary>
    public void CompletePart()
    {
        IsPart = true;
        foreach (Batch batch in _stacks)
        {
            try
            {
                Stacks.AddBatch(batch, Place);
            }
            catch (TraceFormatException)
            {
                // It names texts that are cut off, or is cut off itself.
            }
        }

        Samples.Order(ClockBatch);
    }

    public override int ReadStack(int stack, Span<TraceFrame> frames) => Stacks.Read(stack, frames);

    public override string ReadText(long text) => Strings.Text((ulong)text);

    private BatchCursor CursorOf(long thread)
    {
        ref BatchCursor? cursor = ref _cursorByThread.Add(thread, out bool existed)!;
        if (existed) return cursor!;
        if (_cursors.Count >= _limits.MaxLive) throw new TraceFormatException($"more than {_limits.MaxLive} Ms", generation: _number);
        if (!_freeCursors.TryPop(out cursor)) cursor = new BatchCursor();
        cursor.Reset(thread);
        _cursors.Add(cursor);
        return cursor;
    }
}
