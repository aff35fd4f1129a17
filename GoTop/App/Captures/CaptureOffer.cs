using System.Collections.Immutable;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.App.Captures;

/// <summary>What can be captured of what the screen shows.</summary>
public sealed record CaptureOffer
{
    /// <summary>Why nothing can be captured at all; null when something can.</summary>
    public string? WhyNothing { get; init; }

    /// <summary>Why the service cannot be asked for profiles; null when it can.</summary>
    public string? WhyNoPprof { get; init; }

    /// <summary>Why its memory cannot be read; null when it can.</summary>
    public string? WhyNoMemory { get; init; }

    /// <summary>Why the kernel's events cannot be kept; null when they can.</summary>
    public string? WhyNoFlightRecorder { get; init; }

    /// <summary>Length that is configured for what goes on for a time.</summary>
    public int Seconds { get; init; } = 5;

    public TargetCondition Condition { get; init; } = TargetCondition.Unknown;

    /// <summary>Why this kind cannot be had; null when it can, as far as is known.</summary>
    public string? WhyNot(CaptureKind kind) => WhyNothing ?? kind.Needs switch
    {
        CaptureNeeds.Memory => WhyNoMemory,
        CaptureNeeds.FlightRecorder => WhyNoFlightRecorder,
        _ => WhyNoPprof,
    };

    /// <summary>Why this kind is held back although it can be had; null when it is not.</summary>
    public GuardStop? HeldBack(CaptureKind kind) =>
        kind.Served is { } served && WhyNot(kind) is null ? RequestGuard.Check(served, Condition, byPerson: true, force: false) : null;

    /// <summary>What a person in a hurry wants: cheap, and telling most.</summary>
    public ImmutableSortedSet<string> Usual =>
        [.. CaptureCatalog.All.Where(kind => kind.Id is "stacks" or "heap" or "goroutine" or "cpu" && WhyNot(kind) is null).Select(kind => kind.Id)];
}

/// <summary>The capture under way, or the last one.</summary>
public sealed record CaptureStatus(CaptureProgress Progress, bool IsRunning);

/// <summary>What the chooser's Enter asks for.</summary>
public sealed record CaptureRequest(ImmutableArray<CaptureKind> Kinds, bool IsAll, int Seconds, bool Force);
