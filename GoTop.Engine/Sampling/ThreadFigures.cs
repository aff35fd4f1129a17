using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>An OS thread of the target. Rates are over the time since the reading before; per cent of one core's time.</summary>
public sealed record ThreadFigures
{
    /// <summary>The raw counters.</summary>
    public required ThreadCounters Counters { get; init; }

    public int Id => Counters.Id;

    /// <summary>Clean it before it is drawn.</summary>
    public required Reading<string> Name { get; init; }

    /// <summary>It was not there in the reading before.</summary>
    public required bool IsNew { get; init; }

    /// <summary>0–100.</summary>
    public Reading<double> CpuPercent { get; init; }

    public Reading<double> UserPercent { get; init; }

    public Reading<double> SystemPercent { get; init; }

    /// <summary>Ready without a core, 0–100.</summary>
    public Reading<double> RunQueueDelayPercent { get; init; }

    public Reading<double> ContextSwitchesPerSecond { get; init; }

    public Reading<double> VoluntarySwitchesPerSecond { get; init; }

    public Reading<double> InvoluntarySwitchesPerSecond { get; init; }

    public required Reading<int> LastCore { get; init; }

    public required Reading<CoreSet> AllowedCores { get; init; }

    public required Reading<string> WaitReason { get; init; }

    /// <summary>The runtime's M on this thread: which goroutine and P it has; not supported for a thread that is not Go's.</summary>
    public required Reading<GoThread> Go { get; init; }

    /// <summary>What the kernel's events tell of it; absent while they are not collected, or when it did nothing.</summary>
    public required Reading<ThreadActivity> Kernel { get; init; }
}
