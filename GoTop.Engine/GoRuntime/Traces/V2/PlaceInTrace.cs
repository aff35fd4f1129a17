namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>Where in the trace something is wrong.</summary>
internal readonly record struct PlaceInTrace(long Generation)
{
    /// <param name="position">In the batch's data.</param>
    public TraceFormatException Broken(string reason, in Batch batch, int position) => new(reason, batch.Offset + position, Generation, batch.Ordinal);
}
