using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>Go's words for its things.</summary>
internal static class GoroutineWords
{
    public static string Of(GoroutineState state) => state switch
    {
        GoroutineState.Idle => "idle",
        GoroutineState.Runnable => "runnable",
        GoroutineState.Running => "running",
        GoroutineState.Syscall => "syscall",
        GoroutineState.Waiting => "waiting",
        GoroutineState.Dead => "dead",
        GoroutineState.CopyStack => "copystack",
        GoroutineState.Preempted => "preempted",
        GoroutineState.Leaked => "leaked",
        _ => "unknown",
    };

    public static Tone ToneOf(GoroutineState state) => state switch
    {
        GoroutineState.Running => Tone.Good,
        GoroutineState.Runnable or GoroutineState.Preempted => Tone.Accent,
        GoroutineState.Syscall => Tone.Warning,
        GoroutineState.Leaked => Tone.Critical,
        _ => Tone.Normal,
    };

    /// <summary><c>fd.go:172</c> of its full path; empty when not known.</summary>
    public static string Place(CodeLocation location) =>
        location.File.Length == 0 ? "" : Figures.Invariant($"{location.File}:{location.Line}");

    /// <summary>Where a goroutine was made, with the file's full path where that fits into so many columns.</summary>
    /// <param name="parent">The creating goroutine's id; 0 when unknown.</param>
    public static string Origin(CodeLocation createdBy, long parent, int columns)
    {
        if (createdBy.Function.Length == 0) return "creator unknown";
        string origin = $"created by {Drawing.WithoutImportPath(createdBy.Function)}{(parent > 0 ? Figures.Invariant($" in goroutine {parent}") : "")}";
        string place = Place(createdBy);
        if (place.Length == 0) return origin;
        string full = $"{origin} at {place}";
        // Go writes slashes on Windows as well.
        return PlainCells.Columns(full) <= columns ? full : $"{origin} at {place[(place.LastIndexOf('/') + 1)..]}";
    }

    public static string Function(CodeLocation location) => location.Function.Length == 0 ? "unknown" : location.Function;
}
