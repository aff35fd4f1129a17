using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Http;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// Pages below <c>/debug/pprof/</c>. The list is short on purpose: those are asked for while watching, and none of them stops the
/// world for longer than about 0.1 ms, whatever the number of goroutines. Profiles and traces are elsewhere, on demand.
/// </summary>
public static class PprofPages
{
    /// <summary>How many goroutines, threads and entries of each profile there are; no stop.</summary>
    public static HttpPage Index { get; } = new("", "text/html", 64 * 1024) { Name = "the index" };

    /// <summary>The argument vector, NUL-separated; no stop. A longer one is cut, not refused.</summary>
    public static HttpPage Cmdline { get; } = new("cmdline", "text/plain", 4 * 1024) { CutAtMax = true };

    /// <summary>MemStats as JSON, where the service imports expvar.</summary>
    public static HttpPage Vars { get; } = new("../vars", "application/json", 4 * 1024 * 1024) { Name = "/debug/vars" };

    /// <summary>MemStats at the end of all allocation stacks: small in a young service, 800 KB in a busy one.</summary>
    public static HttpPage HeapText { get; } = new("heap?debug=1", "text/plain", 8 * 1024 * 1024) { KeepLastBytes = MemStatsTextParser.TailBytes };
}
