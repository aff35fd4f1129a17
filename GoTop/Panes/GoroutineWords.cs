using GoTop.Engine.Model;
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

    public static string Function(CodeLocation location) => location.Function.Length == 0 ? "unknown" : location.Function;
}
