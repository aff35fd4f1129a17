using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>How long goroutines have waited, for dumps (whole minutes) and a live process (seconds) alike. Pure.</summary>
/// <param name="Buckets">Ascending; the last has no end.</param>
/// <param name="Unknown">Goroutines whose time the runtime has not noted: only a GC cycle does.</param>
public sealed record WaitAges(ImmutableArray<WaitAgeBucket> Buckets, long Unknown)
{
    private static readonly ImmutableArray<long> FromSeconds = [0, 1, 10, 60, 5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600];

    /// <param name="ages">Seconds, or null where unknown; and how many goroutines.</param>
    public static WaitAges Of(IEnumerable<(double? Seconds, long Count)> ages)
    {
        long[] counts = new long[FromSeconds.Length];
        long unknown = 0;
        foreach ((double? seconds, long count) in ages)
        {
            if (seconds is { } age) counts[Bucket(age)] += count;
            else unknown += count;
        }

        return new WaitAges([.. FromSeconds.Select((from, i) => new WaitAgeBucket(from, i + 1 < FromSeconds.Length ? FromSeconds[i + 1] : null, counts[i]))], unknown);
    }

    /// <summary>A dump without a time may have one of less than a minute, so that is unknown there.</summary>
    public static WaitAges Of(GoRuntime.Dumps.GoroutineDump dump) =>
        Of(dump.Rows.Select(row => ((double?)(row.WaitMinutes > 0 ? row.WaitMinutes * 60.0 : null), (long)row.Count)));

    private static int Bucket(double seconds)
    {
        int bucket = 0;
        while (bucket + 1 < FromSeconds.Length && seconds >= FromSeconds[bucket + 1]) bucket++;
        return bucket;
    }
}

/// <param name="ToSeconds">Null for the last.</param>
public readonly record struct WaitAgeBucket(long FromSeconds, long? ToSeconds, long Count);
