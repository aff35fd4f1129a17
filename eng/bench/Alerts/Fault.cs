namespace GoTop.Bench.Alerts;

/// <summary>What goes wrong with the simulated service from some time of day on.</summary>
/// <param name="What">In words.</param>
/// <param name="Begins">Time of day.</param>
/// <param name="Change">Spoils what the service does, given how long it has been going wrong.</param>
internal sealed record Fault(string What, TimeSpan Begins, Action<ServiceState, TimeSpan> Change)
{
    /// <summary>What a forecast must leave of the time until the limit.</summary>
    public static readonly TimeSpan WantedWarning = TimeSpan.FromHours(2);

    private static readonly TimeSpan ThreeHours = TimeSpan.FromHours(3);

    /// <summary>When the leak reaches its limit, after it began; null for what is no leak.</summary>
    public TimeSpan? ReachesLimit { get; init; }

    /// <summary>What the forecast must leave of that time; null where it has only to come before the end.</summary>
    public TimeSpan? LeastWarning { get; init; }

    /// <summary>The fault comes with another version of the service.</summary>
    public bool IsDeployed { get; init; }

    public static Fault[] All { get; } =
    [
        Leak("heap leak to GOMEMLIMIT in 3 h, at noon", 12, LeakHeap),
        Leak("heap leak to GOMEMLIMIT in 3 h, while the morning's load comes", 7.5, LeakHeap),
        Leak("heap leak to GOMEMLIMIT in 3 h, while the evening's load goes", 20.5, LeakHeap),
        Leak("memory outside of Go's heap to the container's limit in 3 h", 13, LeakForeign),
        Leak("descriptors to their limit in 3 h", 14, LeakHandles) with { LeastWarning = null },
        new("goroutine leak of 2 a second", TimeSpan.FromHours(11), (state, time) => state.LeakedGoroutines += 2 * time.TotalSeconds),
        new("requests take three times as long", TimeSpan.FromHours(15), (state, _) => state.LatencyFactor = 3),
        new("a deployed version needs 2.5 times the CPU for a request", TimeSpan.FromHours(13), (state, _) => state.CpuFactor = 2.5) { IsDeployed = true },
        new("a goroutine that spins, at night", TimeSpan.FromHours(3.5), (state, _) => state.SpinningGoroutines = 1),
        new("4 % of requests fail", TimeSpan.FromHours(17), (state, _) => state.FailedShare += 0.04),
        new("two thirds of the requests no longer come", TimeSpan.FromHours(12), (state, _) => state.RequestsFactor = 0.33),
        new("all cores busy", TimeSpan.FromHours(16), (state, _) => state.SpinningGoroutines = 4),
        new("a lock that convoys: goroutines pile up, requests take ten times as long", TimeSpan.FromHours(10), (state, _) => state.LatencyFactor = 10),
    ];

    private static Fault Leak(string what, double hour, Action<ServiceState, TimeSpan> change) =>
        new(what, TimeSpan.FromHours(hour), change) { ReachesLimit = ThreeHours, LeastWarning = WantedWarning };

    /// <summary>What GC marks, with what is usual, fills the limit after three hours.</summary>
    private static void LeakHeap(ServiceState state, TimeSpan time) => state.LeakedHeapBytes += (ServiceState.GoMemoryLimitBytes - ServiceState.UsualHeapBytes) * (time / ThreeHours);

    private static void LeakForeign(ServiceState state, TimeSpan time) => state.ForeignBytes += (ServiceState.ContainerLimitBytes - ServiceState.UsualResidentBytes) * (time / ThreeHours);

    private static void LeakHandles(ServiceState state, TimeSpan time) => state.Handles += (ServiceState.HandleLimit - ServiceState.UsualHandles) * (time / ThreeHours);
}
