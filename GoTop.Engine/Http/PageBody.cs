namespace GoTop.Engine.Http;

/// <summary>An answer's body.</summary>
/// <param name="Kept">All of it, or its end; only good until the next request of the same client.</param>
/// <param name="TotalBytes">Its length after decompression.</param>
/// <param name="WasCut">It was longer.</param>
/// <param name="Took">From sending the request (the last try of it) to the end of the body.</param>
public readonly record struct PageBody(ReadOnlyMemory<byte> Kept, long TotalBytes, bool WasCut, TimeSpan Took);
