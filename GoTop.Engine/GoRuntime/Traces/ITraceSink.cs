namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>Takes a trace's events as a <see cref="TraceReader"/> reads them. Called from one thread at a time.</summary>
public interface ITraceSink
{
    /// <summary>A generation is whole and its events follow, the first being its Sync.</summary>
    /// <param name="generation">Resolves stacks and texts of those events; not valid once the next generation is begun.</param>
    void OnGeneration(TraceGeneration generation);

    /// <summary>
    /// The next events, in order. They come in runs rather than one by one, so that a call through this interface costs
    /// nothing worth counting.
    /// </summary>
    /// <param name="events">Overwritten after the call.</param>
    void OnEvents(ReadOnlySpan<TraceEvent> events);
}
