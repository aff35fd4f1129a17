namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>What stands before a batch's data.</summary>
/// <param name="Length">Of the data that follows, in bytes.</param>
internal readonly record struct BatchHeader(ulong Generation, long Thread, ulong Ticks, int Length, bool IsExperimental);

/// <summary>One batch of the generation at hand.</summary>
/// <param name="Start">Where its data stand in the block; behind them more can be read: see <see cref="ByteArena.Add"/>.</param>
/// <param name="Ticks">The time from which its events count.</param>
/// <param name="Offset">Of its data in the stream.</param>
/// <param name="Ordinal">Which of its generation, from 1.</param>
internal readonly record struct Batch(byte[] Block, int Start, int Length, ulong Ticks, long Offset, int Ordinal)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> Data => Block.AsSpan(Start, Length);
}
