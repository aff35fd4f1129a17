namespace GoTop.Engine.Model;

/// <summary>What is being asked of the target at some cost to it, and what is not asked since it would make things worse.</summary>
public sealed record DearRequests
{
    public static DearRequests None { get; } = new();

    /// <summary>The request under way, e.g. <c>CPU profile of 2 s</c>; null when there is none.</summary>
    public string? Running { get; init; }

    /// <summary>For how long it has been.</summary>
    public double RunningSeconds { get; init; }

    /// <summary>How long it is meant to take; 0 where that is not known.</summary>
    public double PlannedSeconds { get; init; }

    /// <summary>What has arrived of it.</summary>
    public long RunningBytes { get; init; }

    /// <summary>How often a trace is taken by itself; 0 for never.</summary>
    public double TraceEverySeconds { get; init; }

    /// <summary>In how many seconds the next one is due; null when none is.</summary>
    public double? NextTraceSeconds { get; init; }

    /// <summary>
    /// Why a wanted request is held back, with the figure that did it: <c>GC uses 41 % of the CPU (more than 25 %)</c>. Null
    /// when nothing is held back. <c>Interest.Force</c> asks in spite of it.
    /// </summary>
    public string? HeldBack { get; init; }

    /// <summary>What two sources know together: of what both tell, this one's.</summary>
    public DearRequests And(DearRequests other) => this with
    {
        TraceEverySeconds = TraceEverySeconds > 0 ? TraceEverySeconds : other.TraceEverySeconds,
        NextTraceSeconds = NextTraceSeconds ?? other.NextTraceSeconds,
        HeldBack = HeldBack ?? other.HeldBack,
    };
}
