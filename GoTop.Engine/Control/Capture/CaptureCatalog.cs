using System.Collections.Immutable;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Control.Capture;

/// <summary>
/// Every kind of capture, in the order in which they are taken: quick ones first, so that they are safe should the target end,
/// and the two that go on for seconds last, one after the other. A new one is a line here.
/// </summary>
public static class CaptureCatalog
{
    public const string AllId = "all";

    /// <summary>What the key of the flight recorder saves.</summary>
    public const string FlightId = "kernel";

    private const string Pprof = "go tool pprof {file}";

    /// <summary>Go's own profiles are below 10 MB.</summary>
    private const int MaxProfileBytes = 256 << 20;

    public static ImmutableArray<CaptureKind> All { get; } =
    [
        new()
        {
            Id = "stacks", Title = "goroutine stacks from memory", Needs = CaptureNeeds.Memory, CostToTarget = "no pause, needs nothing of the service",
            Files = ["stacks.txt", "stacks.pb.gz"], OpenCommand = "less {file}", Run = StackCapture.RunAsync,
        },
        Served(ServedProfile.Heap),
        Served(ServedProfile.Allocs),
        Served(ServedProfile.Mutex),
        Served(ServedProfile.Block),
        Served(ServedProfile.ThreadCreate),
        Served(ServedProfile.Goroutine) with { Files = ["goroutine.pb.gz", "goroutine.txt"], Run = GoroutineAsync },
        Served(ServedProfile.GoroutineLeak),
        new()
        {
            Id = FlightId, Title = "the scheduler's events of the machine", Needs = CaptureNeeds.FlightRecorder, TakesSeconds = true,
            CostToTarget = "nothing where the flight recorder runs (its last seconds); else a few µs for each switch",
            Files = ["kernel.etl"], OpenCommand = "gotop analyze {file}", Run = FlightCapture.RunAsync,
        },
        Served(ServedProfile.Cpu),
        Served(ServedProfile.Trace) with
        {
            Files = ["trace.out"], OpenCommand = "go tool trace {file}",
            Run = work => work.SaveAsync(ServedProfile.Trace, "trace.out", work.MaxTraceBytes, keepsPart: true),
        },
    ];

    public static CaptureKind? Find(string id) => All.FirstOrDefault(kind => kind.Id == id);

    private static CaptureKind Served(ServedProfile served)
    {
        string file = served.Id + ".pb.gz";
        return new()
        {
            Id = served.Id,
            Title = served.Title,
            Needs = CaptureNeeds.Pprof,
            CostToTarget = served.CostToTarget,
            Files = [file],
            OpenCommand = Pprof,
            Served = served,
            Run = work => work.SaveAsync(served, file, MaxProfileBytes, keepsPart: false),
        };
    }

    /// <summary>The profile, and where there are few goroutines the text as well, which alone has their states.</summary>
    private static async Task GoroutineAsync(CaptureWork work)
    {
        await work.SaveAsync(ServedProfile.Goroutine, "goroutine.pb.gz", MaxProfileBytes, keepsPart: false).ConfigureAwait(false);
        if (work.Guard(ServedProfile.GoroutineText) is { } stop)
        {
            work.Note($"goroutine.txt was left out: {stop.Reason}");
            return;
        }

        try
        {
            await work.SaveAsync(ServedProfile.GoroutineText, "goroutine.txt", MaxProfileBytes, keepsPart: false).ConfigureAwait(false);
        }
        catch (CaptureException failure) when (!failure.IsOfTheFolder)
        {
            // The profile is there, and that is what was asked for.
            work.Note($"goroutine.txt was not had: {failure.Message}");
        }
    }
}
