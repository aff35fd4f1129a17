namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Reads traces of Go 1.11 to 1.21. Their stacks, texts and the frequency of their clock come last, so that nothing can be
/// told before all has been read: the whole trace is held in memory, with 24 bytes for each event.
/// </summary>
internal sealed class TraceV1Reader(int version, Stream stream, TraceLimits limits) : TraceReader(version, stream, limits)
{
    /// <summary>The first Sync comes a nanosecond before the first event, which is at 0.</summary>
    private readonly EventBuffer _events = new(before: -2);

    private bool _isRead;
    private bool _isEnded = true;
    private int _syncs;

    public override bool ReadGeneration(ITraceSink sink)
    {
        if (_isRead) return End(sink);
        _isRead = true;
        Input input = new(Stream, (int)BytesRead, Limits.MaxGenerationBytes);
        while (input.Read())
        {
        }

        return Tell(input, sink);
    }

    public override async ValueTask<bool> ReadGenerationAsync(ITraceSink sink, CancellationToken cancellation = default)
    {
        if (_isRead) return End(sink);
        _isRead = true;
        Input input = new(Stream, (int)BytesRead, Limits.MaxGenerationBytes);
        while (await input.ReadAsync(cancellation).ConfigureAwait(false))
        {
        }

        return Tell(input, sink);
    }

    private bool Tell(Input input, ITraceSink sink)
    {
        Contents contents = new Scanner(input.Data, input.Length, Version, Limits).Scan((int)BytesRead);
        BytesRead = input.Length;
        OrderedEvents ordered = EventOrder.Order(contents, Limits);
        _isEnded = false;
        if (ordered.Count == 0) return End(sink);

        Generation generation = new(contents, Names);
        sink.OnGeneration(generation);
        _events.Sink = sink;
        AddSync(-1);
        Conversion conversion = new(Version, contents, ordered, generation, Names, _events, Limits);
        try
        {
            conversion.Run();
        }
        catch (TraceFormatException)
        {
            _isEnded = true;
            throw;
        }
        finally
        {
            _events.Flush();
        }

        Truncation = FindTruncation(contents, conversion.MissingStacks, input.Length);
        return true;
    }

    private static TraceTruncation? FindTruncation(Contents contents, int missingStacks, int length)
    {
        if (!contents.IsCut && missingStacks == 0) return null;
        string what = contents.IsCut ? "it is cut short among the stacks and texts that stand after its events" : "it ends without all of the stacks that stand after its events";
        return new TraceTruncation(length, Generation: 1, WholeGenerations: 1, $"{what}: the events are complete, but {missingStacks} of them name stacks that are not there");
    }

    /// <summary>The last Sync; nothing when it was given before, or when the trace could not be read.</summary>
    private bool End(ITraceSink sink)
    {
        if (_isEnded) return false;
        _isEnded = true;
        _events.Sink = sink;
        AddSync(Math.Max(0, _events.LastTime + 1));
        _events.Flush();
        return false;
    }

    private void AddSync(long nanoseconds) => _events.Add(TraceEventKind.Sync, nanoseconds, TraceEvent.None, TraceEvent.None, TraceEvent.None).Value = ++_syncs;
}
