namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>Where and why a trace ends before it is complete. What was whole before that has been read.</summary>
/// <param name="Offset">Byte of the stream at which it ends.</param>
/// <param name="Generation">The generation that is not whole; 0 when not even its number is there.</param>
/// <param name="WholeGenerations">Those that were read.</param>
public sealed record TraceTruncation(long Offset, long Generation, int WholeGenerations, string Reason)
{
    /// <summary>
    /// No generation is whole, and what there is of the first has been given: events of the Ms that had written by then, and as
    /// far as texts and stacks are missing, which the runtime writes last, without them.
    /// </summary>
    public bool HasPart { get; init; }
}
