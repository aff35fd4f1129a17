using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Pprof;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// A page of a service. The list here is short on purpose: those are asked for while watching, and none of them stops the
/// world for longer than about 0.1 ms, whatever the number of goroutines. Profiles and traces are elsewhere, on demand.
/// </summary>
/// <param name="Path">Relative to the base of the pprof pages.</param>
/// <param name="MediaType">What the answer must say it is.</param>
/// <param name="MaxBytes">Longer ones, after decompression, are refused.</param>
public sealed record PprofPage(string Path, string MediaType, int MaxBytes)
{
    /// <summary>How many goroutines, threads and entries of each profile there are; no stop.</summary>
    public static PprofPage Index { get; } = new("", "text/html", 64 * 1024);

    /// <summary>The argument vector, NUL-separated; no stop. A longer one is cut, not refused.</summary>
    public static PprofPage Cmdline { get; } = new("cmdline", "text/plain", 4 * 1024) { CutAtMax = true };

    /// <summary>MemStats as JSON, where the service imports expvar.</summary>
    public static PprofPage Vars { get; } = new("../vars", "application/json", 4 * 1024 * 1024);

    /// <summary>MemStats at the end of all allocation stacks: small in a young service, 800 KB in a busy one.</summary>
    public static PprofPage HeapText { get; } = new("heap?debug=1", "text/plain", 8 * 1024 * 1024) { KeepLastBytes = MemStatsTextParser.TailBytes };

    /// <summary>Keep only this much of the end, at least; 0 keeps everything.</summary>
    public int KeepLastBytes { get; init; }

    /// <summary>Stop reading at <see cref="MaxBytes"/> in place of refusing.</summary>
    public bool CutAtMax { get; init; }

    /// <summary>A profile or trace: wanted as it was made, not packed again, and where it is refused the answer's text says why.</summary>
    public bool IsProfile { get; init; }

    /// <summary>Asked for as it is: unpacking would cost more than the network does.</summary>
    public bool IsWantedPlain { get; init; }

    /// <summary>Where it is refused, the answer's text says why.</summary>
    public bool QuotesErrors { get; init; }

    /// <summary>Other types that will do as well.</summary>
    public ImmutableArray<string> OtherMediaTypes { get; init; } = [];

    /// <summary>What to ask for where the server can give several; null for nothing in particular.</summary>
    public string? Accept { get; init; }

    /// <summary>Its name in place of what its path says.</summary>
    public string? Name { get; init; }

    /// <summary>As reasons name it: <c>/debug/vars</c>, <c>heap?debug=1</c>, <c>the index</c>.</summary>
    public string Title => Name ?? Path switch
    {
        "" => "the index",
        "../vars" => "/debug/vars",
        _ => Path,
    };
}

/// <summary>An answer's body.</summary>
/// <param name="Kept">All of it, or its end; only good until the next request of the same client.</param>
/// <param name="TotalBytes">Its length after decompression.</param>
/// <param name="WasCut">It was longer.</param>
/// <param name="Took">From sending the request (the last try of it) to the end of the body.</param>
public readonly record struct PprofBody(ReadOnlyMemory<byte> Kept, long TotalBytes, bool WasCut, TimeSpan Took);
