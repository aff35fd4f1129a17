using System.Collections.Immutable;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>Finds out whether a loopback port serves a Go service's pprof pages, with the cheapest requests only.</summary>
public static class PprofProbe
{
    /// <summary>
    /// The base of the pprof pages (ending in <c>/debug/pprof/</c>), or null when this port does not serve those of a
    /// process with this argument vector.
    /// </summary>
    public static ValueTask<Uri?> FindAsync(
        string address, int port, ImmutableArray<string> arguments, TimeProvider time, CancellationToken cancellation) =>
        ValueTask.FromResult<Uri?>(null);
}
