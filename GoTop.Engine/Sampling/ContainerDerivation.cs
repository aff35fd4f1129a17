using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

internal static class ContainerDerivation
{
    public static ContainerFigures Derive(Reading<ContainerCounters> previous, ContainerFigures? derived, Reading<ContainerCounters> current)
    {
        if (!current.TryGet(out ContainerCounters? now))
        {
            return new ContainerFigures
            {
                Group = current.Absent<string>(),
                CpuQuotaCores = current.Absent<double>(),
                ThrottledPeriodsPercent = current.Absent<double>(),
                ThrottledPercent = current.Absent<double>(),
                MemoryLimitBytes = current.Absent<long>(),
                MemoryUsedBytes = current.Absent<long>(),
            };
        }

        ContainerCounters? then = previous.ValueOr(null);
        ContainerFigures gauges = new()
        {
            Group = current.Select(c => c.Group),
            CpuQuotaCores = now.CpuQuotaCores,
            MemoryLimitBytes = now.MemoryLimitBytes,
            MemoryUsedBytes = now.MemoryUsedBytes,
            ThrottledPeriodsPercent = Rates.NotYet(),
            ThrottledPercent = Rates.NotYet(),
        };
        if (derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds)
            return gauges with { ThrottledPercent = derived.ThrottledPercent, ThrottledPeriodsPercent = derived.ThrottledPeriodsPercent };
        if (then is null || Rates.Between(then.ReadAtNanoseconds, now.ReadAtNanoseconds) is not { } rates) return gauges;
        Reading<double> periods = rates.PerSecond(then.Periods, now.Periods);
        return gauges with
        {
            ThrottledPercent = rates.PercentOfTime(then.ThrottledNanoseconds, now.ThrottledNanoseconds),
            ThrottledPeriodsPercent = rates.PerSecond(then.ThrottledPeriods, now.ThrottledPeriods)
                .Select(throttled => periods.TryGet(out double all) && all > 0 ? Math.Min(100, throttled / all * 100) : 0),
        };
    }
}
