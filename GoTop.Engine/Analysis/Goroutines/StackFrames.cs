using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>A stack by its content, innermost frame first, comparable across dumps.</summary>
/// <param name="ElidedAfter">Frames were left out after so many; −1 when none were.</param>
/// <param name="ElidedFrames">How many, where told.</param>
public sealed record StackFrames(ImmutableArray<CodeLocation> Frames, int ElidedAfter, int? ElidedFrames)
{
    public static StackFrames None { get; } = new([], -1, null);

    public bool Equals(StackFrames? other) =>
        other is not null && ElidedAfter == other.ElidedAfter && ElidedFrames == other.ElidedFrames && Frames.AsSpan().SequenceEqual(other.Frames.AsSpan());

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(ElidedAfter);
        foreach (CodeLocation frame in Frames) hash.Add(frame);
        return hash.ToHashCode();
    }
}
