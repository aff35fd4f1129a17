using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Tests.Support;

/// <summary>
/// Observations with profiles of a real service in trouble (<c>Targets/trouble</c>, Go 1.27; two of each, some seconds
/// apart; of the CPU, one of a moderate load and one of an allocation storm).
/// </summary>
internal static class ProfileObservations
{
    private const long Second = 1_000_000_000;

    private static readonly ProfileCaptures Later = new()
    {
        Cpu = Capture(ProfileKind.Cpu, "trouble/cpu-storm", 128, 3),
        Heap = Capture(ProfileKind.Heap, "trouble/heap-2", 125, 0),
        Mutex = Capture(ProfileKind.Mutex, "trouble/mutex-2", 126, 0),
        Block = Capture(ProfileKind.Block, "trouble/block-2", 126, 0),
    };

    private static readonly ProfileCaptures Earlier = new()
    {
        Cpu = Capture(ProfileKind.Cpu, "trouble/cpu-mid", 98, 2),
        Heap = Capture(ProfileKind.Heap, "trouble/heap-1", 116, 0),
        Mutex = Capture(ProfileKind.Mutex, "trouble/mutex-1", 117, 0),
        Block = Capture(ProfileKind.Block, "trouble/block-1", 117, 0),
    };

    /// <summary>With an earlier profile of each kind, so that growth is known.</summary>
    public static Observation Trouble { get; } = Of(Later, Earlier);

    /// <summary>Half a minute before.</summary>
    public static Observation Before { get; } = At(Of(Earlier), -30);

    public static Observation Of(ProfileCaptures captures, ProfileCaptures? before = null) => Observations.Leak with
    {
        Now = Observations.Leak.Now with { Profiles = ProfileDerivation.Derive(before is null ? null : ProfileDerivation.Derive(null, before), captures) },
    };

    /// <summary>The same with every profile absent, or old.</summary>
    public static Observation Where(Func<Reading<ProfileCapture>, Reading<ProfileCapture>> change) => Of(Later.Change((_, capture) => change(capture)));

    public static Observation With(this Observation observation, DearRequests requests) => observation with
    {
        Now = observation.Now with { Facts = observation.Now.Facts with { DearRequests = Reading.Of(requests) } },
    };

    /// <param name="name">Below <c>Fixtures/Profiles</c>.</param>
    /// <param name="second">When it was taken, after <see cref="Observations.Start"/>.</param>
    /// <param name="seconds">Which it covers.</param>
    public static Reading<ProfileCapture> Capture(ProfileKind kind, string name, int second, double seconds) => Reading.Of(new ProfileCapture
    {
        Kind = kind,
        TakenAt = Observations.Start.AddSeconds(second),
        ReadAtNanoseconds = (1000L + second) * Second,
        Seconds = seconds,
        TookMilliseconds = (seconds * 1000) + 4,
        CostToTarget = "1-3 % of its CPU",
        Content = [.. File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Profiles", name + ".pb.gz"))],
    });

    private static Observation At(Observation observation, int seconds) => observation with
    {
        Tick = observation.Tick + seconds,
        Now = observation.Now with { Time = observation.Now.Time.AddSeconds(seconds), MonotonicNanoseconds = observation.Now.MonotonicNanoseconds + (seconds * Second) },
    };
}
