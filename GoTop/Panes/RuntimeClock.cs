using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Panes;

/// <summary>The clock by which the target's runtime measures pauses and waits. Execution traces have a finer one.</summary>
internal static class RuntimeClock
{
    /// <summary>nanotime on Windows is the interrupt time in every version of Go: it moves in timer ticks of 0.5–15.6 ms.</summary>
    public static bool IsCoarse(Snapshot now) =>
        now.Target.Build.TryGet(out GoBuildInfo? build) && build.Settings.GetValueOrDefault("GOOS") == "windows";
}
