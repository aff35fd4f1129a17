using System.Collections.Immutable;

namespace GoTop.Engine.Control.Capture;

/// <summary>What a person wants captured.</summary>
/// <param name="Kinds">In any order; they are taken in that of the catalogue.</param>
/// <param name="Seconds">For those that go on for a time.</param>
/// <param name="Folder">Gets the files; is made when it is not there.</param>
public sealed record CapturePlan(ImmutableArray<CaptureKind> Kinds, int Seconds, string Folder)
{
    /// <summary>Whatever can be had: what cannot is no failure.</summary>
    public bool IsAll { get; init; }

    /// <summary>The person has confirmed: also from a target in trouble.</summary>
    public bool Force { get; init; }

    public int MaxTraceBytes { get; init; } = 1 << 30;

    public required string ToolVersion { get; init; }
}
