namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>
/// Format 2: generations of batches, each batch of one M. A generation is read whole before its events are ordered, since
/// its strings and stacks come last.
/// </summary>
internal sealed class TraceV2Reader : TraceReader
{
    private readonly BatchWindow _window = new();
    private readonly Generation _generation;
    private readonly EventBuffer _events = new(before: 0);
    private readonly Ordering _ordering;
    private int _wholeGenerations;
    private int _syncs;
    private bool _ended;

    public TraceV2Reader(int version, Stream stream, TraceLimits limits)
        : base(version, stream, limits)
    {
        _generation = new Generation(Names, limits);
        _ordering = new Ordering(_events, limits);
    }

    private enum Progress : byte
    {
        NeedsBytes,
        Generation,
        End,
    }

    /// <summary>From Go 1.26 on a generation says where it ends.</summary>
    private bool MarksEnds => Version >= 26;

    public override bool ReadGeneration(ITraceSink sink)
    {
        while (true)
        {
            Progress progress = Proceed(sink);
            if (progress != Progress.NeedsBytes) return progress == Progress.Generation;
            _window.Fill(Stream);
        }
    }

    public override async ValueTask<bool> ReadGenerationAsync(ITraceSink sink, CancellationToken cancellation = default)
    {
        while (true)
        {
            Progress progress = Proceed(sink);
            if (progress != Progress.NeedsBytes) return progress == Progress.Generation;
            await _window.FillAsync(Stream, cancellation).ConfigureAwait(false);
        }
    }

    private Progress Proceed(ITraceSink sink)
    {
        if (_ended) return Progress.End;
        _events.Sink = sink;
        try
        {
            return TakeBatches(sink);
        }
        catch (TraceFormatException broken)
        {
            _ended = true;
            _events.Flush();
            if (broken.Offset is not null && broken.Generation is not null) throw;
            throw new TraceFormatException(broken.Reason, broken.Offset ?? BytesRead, broken.Generation ?? _generation.Number, broken.Batch, broken);
        }
    }

    private Progress TakeBatches(ITraceSink sink)
    {
        while (true)
        {
            BatchStatus status = _window.Peek(out BatchHeader header, out int dataOffset);
            // Before Go 1.26 only the next generation's first batch tells that this one is whole.
            if (!MarksEnds && !_generation.IsEmpty && header.Generation == (ulong)_generation.Number + 1) return Give(sink);
            switch (status)
            {
                case BatchStatus.Incomplete when _window.AtEnd:
                    return AtEnd(sink, header, dataOffset);
                case BatchStatus.Incomplete:
                    return Progress.NeedsBytes;
                case BatchStatus.EndOfGeneration when MarksEnds:
                    Take(1);
                    return Give(sink);
                case BatchStatus.Batch:
                    Check(header);
                    _generation.Add(header, _window.Data(header, dataOffset), BytesRead + dataOffset, Version);
                    Take(dataOffset + header.Length);
                    continue;
                default:
                    if (!MarksEnds && _generation.LooksWhole) return Give(sink);
                    AddSync(_events.LastTime);
                    throw new TraceFormatException(
                        status == BatchStatus.TooLong ? $"a batch of more than {WireFormat.MaxBatchBytes} bytes" : $"no batch begins with the byte {_window.First}",
                        BytesRead, _generation.Number, _generation.Batches + 1);
            }
        }
    }

    private void Check(BatchHeader header)
    {
        if (header.Generation is 0 or > long.MaxValue) throw new TraceFormatException($"{header.Generation} is no number of a generation", BytesRead);
        if (!_generation.IsEmpty && header.Generation != (ulong)_generation.Number)
            throw new TraceFormatException($"a batch of generation {header.Generation} among those of {_generation.Number}", BytesRead, _generation.Number, _generation.Batches + 1);
    }

    /// <param name="header">Of a batch that is cut off, as far as it is known.</param>
    /// <param name="dataOffset">Where its data begin; 0 while its header is cut off.</param>
    private Progress AtEnd(ITraceSink sink, BatchHeader header, int dataOffset)
    {
        bool cut = _window.Available > 0;
        bool endsHere = _generation.IsEmpty && !cut && (MarksEnds || _wholeGenerations > 0);
        // What is cut off belongs to the generation after this one, or to one that cannot be told.
        bool isWhole = !MarksEnds && _generation.LooksWhole && header.Generation != (ulong)_generation.Number;
        if (isWhole) return Give(sink);
        if (!endsHere)
        {
            long generation = _generation.IsEmpty ? (long)header.Generation : _generation.Number;
            string reason = _generation.IsEmpty && !cut ? "it has a header and nothing else"
                : cut ? $"it ends within a batch{Of(generation)}"
                : $"it ends before generation {generation} does";
            Truncation = new TraceTruncation(BytesRead + _window.Available, generation, _wholeGenerations, reason);
            if (_wholeGenerations == 0 && GivePart(sink, header, dataOffset)) Truncation = Truncation with { HasPart = true };
        }

        AddSync(_events.LastTime);
        _events.Flush();
        _ended = true;
        return Progress.End;
    }

    /// <summary>
    /// Gives what there is of the only generation. Before Go 1.25 its clock stands behind all events, so that nothing can be
    /// told without its end.
    /// </summary>
    private bool GivePart(ITraceSink sink, BatchHeader header, int dataOffset)
    {
        if (Version < 25) return false;
        try
        {
            int left = _window.Available - dataOffset;
            if (dataOffset > 0 && left > 0 && (_generation.IsEmpty || header.Generation == (ulong)_generation.Number))
                _generation.Add(header, _window.Data(header with { Length = left }, dataOffset), BytesRead + dataOffset, Version);
        }
        catch (TraceFormatException)
        {
            // Of texts and samples; those before the cut are there.
        }

        if (_generation.ClockBatch.NanosecondsPerTick == 0) return false;
        _generation.CompletePart();
        sink.OnGeneration(_generation);
        AddSync(_generation.ClockBatch.Nanoseconds(_generation.FirstTicks));
        long begun = _events.LastTime;
        try
        {
            _ordering.Run(_generation);
        }
        catch (TraceFormatException)
        {
            // The end of what is there: an event that is cut off, or that contradicts what is missing.
        }

        return _events.LastTime > begun;
    }

    private static string Of(long generation) => generation == 0 ? "" : $" of generation {generation}";

    private Progress Give(ITraceSink sink)
    {
        _generation.Complete(Version);
        sink.OnGeneration(_generation);
        AddSync(_generation.ClockBatch.Nanoseconds(_generation.FirstTicks));
        _ordering.Run(_generation);
        _events.Flush();
        _generation.Clear();
        _wholeGenerations++;
        return Progress.Generation;
    }

    private void AddSync(long time) => _events.Add(TraceEventKind.Sync, time, TraceEvent.None, TraceEvent.None, TraceEvent.None).Value = ++_syncs;

    private void Take(int length)
    {
        _window.Take(length);
        BytesRead += length;
    }
}
