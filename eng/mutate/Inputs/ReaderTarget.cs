using System.Collections.Immutable;

namespace GoTop.Mutate.Inputs;

/// <summary>A reader that is to withstand any input.</summary>
/// <param name="Corpus">Sound inputs, small ones: a reader is asked millions of times.</param>
/// <param name="Tokens">Pieces of the format.</param>
/// <param name="Read">
/// Reads as the product does, what is made of it included. True: accepted. False: refused in the way that the reader says it
/// refuses. Any exception is a failure.
/// </param>
internal sealed record ReaderTarget(string Name, ImmutableArray<byte[]> Corpus, ImmutableArray<byte[]> Tokens, Func<ArraySegment<byte>, bool> Read)
{
    /// <summary>What one input may allocate. Inputs are below 64 KB, and what a reader sets up beforehand counts too.</summary>
    public long MaxAllocatedBytes { get; init; } = 64L << 20;

    /// <summary>Reads one input on this thread and says what came of it.</summary>
    public ReadOutcome Try(ArraySegment<byte> input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAccepted = false;
        Exception? failure = null;
        try
        {
            isAccepted = Read(input);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (failure is null && allocated > MaxAllocatedBytes) failure = new InvalidOperationException($"an input of {input.Count} bytes made it allocate {allocated} bytes");
        return new ReadOutcome(isAccepted, allocated, failure);
    }
}

internal readonly record struct ReadOutcome(bool IsAccepted, long AllocatedBytes, Exception? Failure);
