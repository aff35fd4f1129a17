using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>How dear a request is to the target: by this it is held back or not.</summary>
public enum RequestCost : byte
{
    /// <summary>About a millisecond, no pause.</summary>
    Little,

    /// <summary>Takes time of every goroutine, without stopping the world for it.</summary>
    PerGoroutine,

    /// <summary>Work while it runs, or a GC cycle.</summary>
    Dear,

    /// <summary>Stops the world for as long as it takes to write every goroutine's stack, several times over.</summary>
    StopsTheWorld,
}

/// <summary>A profile or trace that net/http/pprof serves: how it is asked for, and what that costs.</summary>
public sealed record ServedProfile
{
    /// <summary>Short and stable: names of files and options.</summary>
    public required string Id { get; init; }

    /// <summary>As it stands in sentences: <c>CPU profile</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Null for the trace and the text.</summary>
    public ProfileKind? Kind { get; init; }

    /// <summary>It is made over a number of seconds, and the answer ends after them.</summary>
    public bool TakesSeconds { get; init; }

    public required RequestCost Cost { get; init; }

    /// <summary>In words.</summary>
    public required string CostToTarget { get; init; }

    /// <summary>Relative to the base of the pprof pages.</summary>
    private string Path { get; init; } = "";

    private string MediaType { get; init; } = "application/octet-stream";

    public static ServedProfile Cpu { get; } = new()
    {
        Id = "cpu",
        Title = "CPU profile",
        Kind = ProfileKind.Cpu,
        TakesSeconds = true,
        Path = "profile",
        Cost = RequestCost.Dear,
        CostToTarget = "a signal for every 10 ms of CPU time while it runs",
    };

    public static ServedProfile Heap { get; } = new()
    {
        Id = "heap",
        Title = "heap profile",
        Kind = ProfileKind.Heap,
        Path = "heap",
        Cost = RequestCost.Little,
        CostToTarget = "~1 ms, no pause",
    };

    public static ServedProfile Allocs { get; } = new()
    {
        Id = "allocs",
        Title = "allocation profile",
        Kind = ProfileKind.Allocs,
        Path = "allocs",
        Cost = RequestCost.Little,
        CostToTarget = "~1 ms, no pause",
    };

    public static ServedProfile Goroutine { get; } = new()
    {
        Id = "goroutine",
        Title = "goroutine profile",
        Kind = ProfileKind.Goroutine,
        Path = "goroutine",
        Cost = RequestCost.PerGoroutine,
        CostToTarget = "two stops of ~0.05 ms, and ~2 µs of CPU for each goroutine",
    };

    public static ServedProfile Mutex { get; } = new()
    {
        Id = "mutex",
        Title = "mutex profile",
        Kind = ProfileKind.Mutex,
        Path = "mutex",
        Cost = RequestCost.Little,
        CostToTarget = "~1 ms, no pause",
    };

    public static ServedProfile Block { get; } = new()
    {
        Id = "block",
        Title = "block profile",
        Kind = ProfileKind.Block,
        Path = "block",
        Cost = RequestCost.Little,
        CostToTarget = "~1 ms, no pause",
    };

    public static ServedProfile ThreadCreate { get; } = new()
    {
        Id = "threadcreate",
        Title = "thread creation profile",
        Kind = ProfileKind.ThreadCreate,
        Path = "threadcreate",
        Cost = RequestCost.Little,
        CostToTarget = "~1 ms, no pause",
    };

    public static ServedProfile GoroutineLeak { get; } = new()
    {
        Id = "goroutineleak",
        Title = "goroutine leak profile",
        Kind = ProfileKind.GoroutineLeak,
        Path = "goroutineleak",
        Cost = RequestCost.Dear,
        CostToTarget = "runs a GC cycle",
    };

    public static ServedProfile Trace { get; } = new()
    {
        Id = "trace",
        Title = "trace",
        TakesSeconds = true,
        Path = "trace",
        Cost = RequestCost.Dear,
        CostToTarget = "3–13 % of its throughput while it runs, a stop of ~0.1 ms at its start",
    };

    /// <summary>The stacks of all goroutines with their states, <c>debug=2</c>.</summary>
    public static ServedProfile GoroutineText { get; } = new()
    {
        Id = "goroutine-text",
        Title = "goroutine dump",
        Path = "goroutine?debug=2",
        MediaType = "text/plain",
        Cost = RequestCost.StopsTheWorld,
        CostToTarget = "stops the world while all stacks are written",
    };

    public static ImmutableArray<ServedProfile> All { get; } =
        [Cpu, Heap, Allocs, Goroutine, Mutex, Block, ThreadCreate, GoroutineLeak, Trace, GoroutineText];

    public static ServedProfile Of(ProfileKind kind) => All.First(served => served.Kind == kind);

    /// <param name="seconds">For one that takes seconds; whole ones, as older versions of Go read no others.</param>
    /// <param name="maxBytes">Longer answers are refused.</param>
    public HttpPage Page(int seconds, int maxBytes) => new(
        TakesSeconds ? string.Create(CultureInfo.InvariantCulture, $"{Path}?seconds={seconds}") : Path, MediaType, maxBytes)
    { IsProfile = true };

    /// <summary>The title with its length: <c>CPU profile of 2 s</c>.</summary>
    public string TitleOf(int seconds) => TakesSeconds ? string.Create(CultureInfo.InvariantCulture, $"{Title} of {seconds} s") : Title;
}
