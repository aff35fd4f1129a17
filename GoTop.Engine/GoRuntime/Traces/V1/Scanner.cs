namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Goes over a whole format 1 file once: checks every record's form, so that later readings need not, finds the batches of
/// each P, and takes in the tables. A record is its type (6 bits) with how many numbers follow (2 bits: 0 to 2 for 1 to 3
/// numbers, 3 for a length in bytes before them), then the numbers: time since the P's event before, arguments, stack.
/// </summary>
internal sealed class Scanner(byte[] data, int length, int version, TraceLimits limits)
{
    private const int LengthPrefixed = 3;
    private const int MaxArgumentBytes = 2048;
    private const int MaxFrames = 1000;
    private const int MaxTextBytes = 1_000_000;
    private const int MaxProcs = ushort.MaxValue;

    private readonly Contents _contents = new(data, length);
    private readonly IdTable _procs = new();
    private bool _eventsAfterFrequency;

    private ReadOnlySpan<byte> Bytes => data.AsSpan(0, length);

    /// <param name="start">The first byte after the header.</param>
    /// <exception cref="TraceFormatException">A record is not of the format, or the file ends before its events are complete.</exception>
    public Contents Scan(int start)
    {
        ReadOnlySpan<byte> bytes = Bytes;
        bool[] isCommon = [.. Enumerable.Range(0, 256).Select(head => IsCommon((byte)head))];
        int common = 0;
        bool isAmongEvents = false;
        int position = start;
        while (position < bytes.Length)
        {
            int record = position;
            byte head = bytes[position];
            if (isAmongEvents && isCommon[head])
            {
                position++;
                if (Varint.TrySkipAll(bytes, (head >> 6) + 1, ref position))
                {
                    common++;
                    continue;
                }

                position = record;
            }

            if (!TryRecord(ref position))
            {
                CheckCut(record);
                EndBatch(record);
                _contents.IsCut = true;
                break;
            }

            isAmongEvents = _contents.Batches.Count > 0 && _contents.TicksPerSecond == 0;
        }

        _contents.Events += common;
        if (_contents.IsCut) return _contents;
        EndBatch(length);
        if (_contents.TicksPerSecond == 0)
            throw new TraceFormatException("it ends without the frequency of its clock, which stands after all events: it is cut short, and none of its times can be told", length);
        return _contents;
    }

    /// <summary>Whether a record that begins so is an event of one to three numbers, as it should have, that needs no more than to be counted.</summary>
    private bool IsCommon(byte head)
    {
        EventType type = (EventType)(head & 0x3F);
        return EventSpecs.IsKnown(type, version) && head >> 6 < LengthPrefixed && EventSpecs.Numbers(type) == (head >> 6) + 1
            && type is not (EventType.Batch or EventType.String or EventType.Frequency or EventType.TimerGoroutine or EventType.Stack);
    }

    /// <summary>Stacks and texts are the last things in a file. When only they are cut, everything else can be told.</summary>
    private void CheckCut(int record)
    {
        if (_contents.TicksPerSecond == 0)
            throw new TraceFormatException("it is cut short before the frequency of its clock, which stands after all events: none of its times can be told", length);
        if (_eventsAfterFrequency || (EventType)(data[record] & 0x3F) is not (EventType.Stack or EventType.String or EventType.Batch))
            throw new TraceFormatException("it is cut short among its events", length);
    }

    private bool TryRecord(ref int position)
    {
        int record = position;
        byte head = data[position++];
        EventType type = (EventType)(head & 0x3F);
        if (!EventSpecs.IsKnown(type, version)) throw new TraceFormatException($"an event of type {(int)type}, which Go 1.{version} does not have", record);
        return type switch
        {
            EventType.String => TryText(ref position, record),
            EventType.Batch => TryBatch(ref position, record, head >> 6),
            _ => TryEvent(ref position, record, type, head >> 6),
        };
    }

    /// <summary>Number, length, UTF-8.</summary>
    private bool TryText(ref int position, int record)
    {
        if (!Varint.TryRead(Bytes, ref position, out ulong id) || !Varint.TryRead(Bytes, ref position, out ulong bytes)) return false;
        if (id == 0) throw new TraceFormatException("a string has the number 0", record);
        if (bytes is 0 or > MaxTextBytes) throw new TraceFormatException($"a string has {bytes} bytes", record);
        if (bytes > (ulong)(length - position)) return false;
        if (_contents.Strings.FindOrAdd(id) != _contents.Texts.Count) throw new TraceFormatException($"a second string has the number {id}", record);
        CheckTable(_contents.Strings.Count, "strings", record);
        _contents.Texts.Add(new Text(position, (int)bytes));
        position += (int)bytes;
        return true;
    }

    /// <summary>P, ticks.</summary>
    private bool TryBatch(ref int position, int record, int shape)
    {
        if (shape != 1) throw new TraceFormatException($"the head of a batch has {shape + 1} numbers", record);
        if (!Varint.TryRead(Bytes, ref position, out ulong id) || !Varint.TryRead(Bytes, ref position, out ulong ticks)) return false;
        if (id is > int.MaxValue and not ulong.MaxValue) throw new TraceFormatException($"a batch is of P {id}, beyond any there can be", record);
        EndBatch(record);
        int batch = _contents.Batches.Count;
        _contents.Batches.Add(new Batch(position, length, (long)ticks));
        int place = _procs.FindOrAdd(id);
        if (place == _contents.Procs.Count)
        {
            if (place >= MaxProcs) throw new TraceFormatException($"it has batches of more than {MaxProcs} Ps", record);
            _contents.Procs.Add(new Proc((int)id, batch, batch));
            return true;
        }

        Proc proc = _contents.Procs[place];
        _contents.Batches[proc.LastBatch] = _contents.Batches[proc.LastBatch] with { Next = batch };
        _contents.Procs[place] = proc with { LastBatch = batch };
        return true;
    }

    private void EndBatch(int end)
    {
        if (_contents.Batches.Count > 0) _contents.Batches[^1] = _contents.Batches[^1] with { End = end };
    }

    private bool TryEvent(ref int position, int record, EventType type, int shape)
    {
        if (_contents.Batches.Count == 0) throw new TraceFormatException("an event stands before the first batch", record);
        int arguments = position;
        int numbers = shape + 1;
        if (shape == LengthPrefixed)
        {
            if (!Varint.TryRead(Bytes, ref position, out ulong bytes)) return false;
            if (bytes > MaxArgumentBytes) throw new TraceFormatException($"the arguments of an event are {bytes} bytes long", record);
            if (bytes > (ulong)(length - position)) return false;
            arguments = position;
            position += (int)bytes;
            numbers = Varint.Count(data.AsSpan(0, position), arguments) ?? throw new TraceFormatException("the last number of an event goes beyond its length", record);
        }
        else if (!Varint.TrySkipAll(Bytes, numbers, ref position))
        {
            return false;
        }

        if (type == EventType.Stack) AddStack(arguments, numbers, record);
        else if (numbers != EventSpecs.Numbers(type)) throw new TraceFormatException($"a {type} event has {numbers} numbers, not {EventSpecs.Numbers(type)}", record);
        else if (type == EventType.UserLog && !TrySkipMessage(ref position, record)) return false;
        else TakeIn(type, arguments, record);
        return true;
    }

    private bool TrySkipMessage(ref int position, int record)
    {
        if (!Varint.TryRead(Bytes, ref position, out ulong bytes)) return false;
        if (bytes > MaxTextBytes) throw new TraceFormatException($"the message of a log event has {bytes} bytes", record);
        if (bytes > (ulong)(length - position)) return false;
        position += (int)bytes;
        return true;
    }

    /// <summary>Number, count of frames, then program counter, function, file and line of each.</summary>
    private void AddStack(int arguments, int numbers, int record)
    {
        if (numbers < 2) throw new TraceFormatException($"a stack has {numbers} numbers", record);
        uint id = (uint)Varint.Read(Bytes, ref arguments);
        int offset = arguments;
        ulong frames = Varint.Read(Bytes, ref arguments);
        if (frames > MaxFrames) throw new TraceFormatException($"a stack has {frames} frames", record);
        if (numbers != 2 + 4 * (int)frames) throw new TraceFormatException($"a stack of {frames} frames has {numbers} numbers", record);
        if (id == 0 || frames == 0) return;
        int place = _contents.Stacks.FindOrAdd(id);
        CheckTable(_contents.Stacks.Count, "stacks", record);
        if (place == _contents.StackOffsets.Count) _contents.StackOffsets.Add(offset);
        else _contents.StackOffsets[place] = offset;
    }

    private void TakeIn(EventType type, int arguments, int record)
    {
        switch (type)
        {
            case EventType.Frequency:
                _contents.TicksPerSecond = (long)Varint.Read(Bytes, ref arguments);
                if (_contents.TicksPerSecond <= 0) throw new TraceFormatException($"its clock has {_contents.TicksPerSecond} ticks a second", record);
                break;
            case EventType.TimerGoroutine:
                _contents.TimerGoroutines.FindOrAdd(Varint.Read(Bytes, ref arguments));
                CheckTable(_contents.TimerGoroutines.Count, "timer goroutines", record);
                break;
            case EventType.CPUSample:
                AddCpuSample(arguments, record);
                break;
            default:
                _contents.Events++;
                if (_contents.TicksPerSecond != 0) _eventsAfterFrequency = true;
                break;
        }
    }

    /// <summary>Time of writing, time of the sample, P, goroutine, stack.</summary>
    private void AddCpuSample(int arguments, int record)
    {
        Varint.TrySkip(Bytes, ref arguments);
        long ticks = (long)Varint.Read(Bytes, ref arguments);
        int proc = (int)Varint.Read(Bytes, ref arguments);
        ulong goroutine = Varint.Read(Bytes, ref arguments);
        uint stack = (uint)Varint.Read(Bytes, ref arguments);
        _contents.CpuSamples.Add(new CpuSample(record, ticks, proc, goroutine, stack));
        CheckTable(_contents.CpuSamples.Count, "CPU samples", record);
    }

    private void CheckTable(int count, string what, int record)
    {
        if (count > limits.MaxTableEntries) throw new TraceFormatException($"it has more than {limits.MaxTableEntries} {what}", record);
    }
}
