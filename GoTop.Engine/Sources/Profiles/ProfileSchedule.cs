using GoTop.Engine.Config;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// When each profile that is wanted is due. Times are nanoseconds of the sampler's monotonic clock, given from outside. Looked
/// at by the sampler's readings while requests go on.
/// </summary>
internal sealed class ProfileSchedule(ProfileSettings settings)
{
    /// <summary>A profile may take at most this share of the time, its own seconds apart: a dear one is asked for less often.</summary>
    private const double LargestShare = 0.05;

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(30);

    /// <summary>How long a service that does not have a profile is left alone.</summary>
    private static readonly TimeSpan NotSupportedPeriod = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<ProfileKind, (long AskedAt, TimeSpan Took, bool IsSupported)> _last = [];
    private int _leakRequests;

    public int SecondsOf(ProfileKind kind) => kind == ProfileKind.Cpu ? settings.CpuSeconds : 0;

    /// <summary>Those that are due, the most overdue first.</summary>
    public IReadOnlyList<ProfileKind> Due(Interest interest, long now)
    {
        List<(ProfileKind Kind, double Overdue)> due = [];
        foreach (ProfileKind kind in interest.Profiles)
        {
            // A leak profile runs a GC, so it is never kept fresh by itself.
            if (kind == ProfileKind.GoroutineLeak) continue;
            double overdue = LastOf(kind) is { } last
                ? (now - last.AskedAt) / (PeriodOf(kind, interest.Condition.Goroutines).TotalSeconds * 1e9)
                : double.MaxValue;
            if (overdue >= 1) due.Add((kind, overdue));
        }

        if (interest.LeakRequest > Volatile.Read(ref _leakRequests)) due.Add((ProfileKind.GoroutineLeak, double.PositiveInfinity));
        return [.. due.OrderByDescending(entry => entry.Overdue).Select(entry => entry.Kind)];
    }

    /// <summary>From the start of one request to the start of the next.</summary>
    public TimeSpan PeriodOf(ProfileKind kind, Reading<long> goroutines)
    {
        TimeSpan period = kind switch
        {
            ProfileKind.Cpu => settings.CpuEvery,
            ProfileKind.Goroutine => settings.GoroutineEvery,
            _ => settings.HeapEvery,
        };
        if (kind == ProfileKind.Goroutine && goroutines.ValueOr(0) > RequestGuard.ManyGoroutines) period = Longer(period, LongestPeriod);
        if (LastOf(kind) is not { } last) return period;
        if (!last.IsSupported) return Longer(period, NotSupportedPeriod);
        if (kind == ProfileKind.Cpu) return period;
        TimeSpan affordable = last.Took / LargestShare;
        return Longer(period, affordable < LongestPeriod ? affordable : LongestPeriod);
    }

    /// <param name="took">Zero when it failed.</param>
    /// <param name="isSupported">The service has it.</param>
    public void Asked(ProfileKind kind, long askedAt, TimeSpan took, bool isSupported)
    {
        lock (_lock) _last[kind] = (askedAt, took, isSupported);
    }

    /// <summary>A request that has begun, or been refused, is not made again until a higher one comes.</summary>
    public void LeakAsked(Interest interest) => Volatile.Write(ref _leakRequests, Math.Max(_leakRequests, interest.LeakRequest));

    private (long AskedAt, TimeSpan Took, bool IsSupported)? LastOf(ProfileKind kind)
    {
        lock (_lock) return _last.TryGetValue(kind, out (long AskedAt, TimeSpan Took, bool IsSupported) last) ? last : null;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
