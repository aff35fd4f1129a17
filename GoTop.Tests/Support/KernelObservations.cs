using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Tests.Support;

/// <summary>Moments in which the kernel's events prove something.</summary>
internal static class KernelObservations
{
    public static Observation Throttled => Observations.Leak;

    /// <summary>Eight Ps, and one core that may be used; no quota.</summary>
    public static Observation Pinned { get; } = WithCores(KernelReports.With(Unlimited, Reading.Of(KernelReports.Pinned)), "3");

    public static Observation Neighbour { get; } = KernelReports.With(Unlimited, Reading.Of(KernelReports.Neighbour));

    public static Observation Idle { get; } = KernelReports.With(Unlimited, Reading.Of(KernelReports.Idle));

    public static Observation OfItself { get; } = KernelReports.With(Observations.Leak, Reading.Of(KernelReports.OfItself));

    public static Observation Lost { get; } = KernelReports.With(Observations.Leak, Reading.Of(KernelReports.WithLost(KernelReports.Throttled, 12_345)));

    private static Observation Unlimited
    {
        get
        {
            Snapshot now = Observations.Leak.Now;
            ContainerFigures container = now.Container with { CpuQuotaCores = Reading.NotSupported<double>("no quota"), ThrottledPercent = Reading.NotSupported<double>("no quota"), ThrottledPeriodsPercent = Reading.NotSupported<double>("no quota") };
            return Observations.Leak with { Now = now with { Container = container }, Findings = [] };
        }
    }

    /// <summary>But for thread 4250, which has its own.</summary>
    private static Observation WithCores(Observation observation, string cores)
    {
        Snapshot now = observation.Now;
        CoreSet allowed = CoreSet.Parse(cores);
        return observation with
        {
            Now = now with
            {
                Process = now.Process with { AllowedCores = Reading.Of(allowed) },
                Threads = now.Threads.Select(threads => (ImmutableArray<ThreadFigures>)[.. threads.Select(thread => thread.Id == 4250 ? thread : thread with { AllowedCores = Reading.Of(allowed) })]),
            },
        };
    }
}
