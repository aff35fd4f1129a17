using System.Collections.Immutable;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Control.Capture;

/// <summary>What a capture needs of the target.</summary>
public enum CaptureNeeds : byte
{
    /// <summary>That it serves net/http/pprof.</summary>
    Pprof,

    /// <summary>That its memory may be read: nothing of the service itself.</summary>
    Memory,

    /// <summary>That the system keeps the kernel's events: ETW, on Windows, with the rights for it.</summary>
    FlightRecorder,
}

/// <summary>Something that can be captured into files.</summary>
public sealed record CaptureKind
{
    /// <summary>Short and stable: the name on the command line and in the manifest.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required CaptureNeeds Needs { get; init; }

    /// <summary>It goes on for the seconds that a person chooses.</summary>
    public bool TakesSeconds
    {
        get => field || Served is { TakesSeconds: true };
        init;
    }

    /// <summary>What it costs the target, in words.</summary>
    public required string CostToTarget { get; init; }

    /// <summary>Names of the files it may give, the first always.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>How Go's own tools open the first file; <c>{file}</c> stands for its name.</summary>
    public required string OpenCommand { get; init; }

    /// <summary>The page it is, where it is one.</summary>
    public ServedProfile? Served { get; init; }

    /// <summary>Takes it. An exception other than those of a capture is a bug.</summary>
    internal Func<CaptureWork, Task> Run { get; init; } = _ => throw new NotSupportedException();
}
