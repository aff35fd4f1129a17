using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

internal static class ProcessDerivation
{
    public static ProcessFigures Derive(Reading<ProcessCounters> previous, ProcessFigures? derived, Reading<ProcessCounters> current)
    {
        if (!current.TryGet(out ProcessCounters? now)) return Absent(current);
        ProcessCounters? then = previous.ValueOr(null);
        Reading<T> Gauge<T>(Reading<T> value) => current.State == ReadingState.Stale ? value.AsStale(current.Reason ?? "late") : value;
        ProcessFigures gauges = new()
        {
            ResidentBytes = Gauge(Reading.Of(now.ResidentBytes)),
            PrivateBytes = Gauge(now.PrivateBytes),
            Threads = Gauge(Reading.Of(now.Threads)),
            Handles = Gauge(now.Handles),
            HandleLimit = Gauge(now.HandleLimit),
            AllowedCores = Gauge(now.AllowedCores),
            Priority = Gauge(now.Priority),
        };
        if (derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds) return WithRatesOf(gauges, derived);
        if (then is null || Rates.Between(then.ReadAtNanoseconds, now.ReadAtNanoseconds) is not { } rates) return WithRatesOf(gauges, NoRates);
        return gauges with
        {
            CpuPercent = rates.PercentOfTime(
                Reading.Of(then.UserNanoseconds + then.SystemNanoseconds), Reading.Of(now.UserNanoseconds + now.SystemNanoseconds)),
            UserPercent = rates.PercentOfTime(Reading.Of(then.UserNanoseconds), Reading.Of(now.UserNanoseconds)),
            SystemPercent = rates.PercentOfTime(Reading.Of(then.SystemNanoseconds), Reading.Of(now.SystemNanoseconds)),
            PageFaultsPerSecond = rates.PerSecond(then.PageFaults, now.PageFaults),
            HardFaultsPerSecond = rates.PerSecond(then.HardFaults, now.HardFaults),
            ReadBytesPerSecond = rates.PerSecond(then.ReadBytes, now.ReadBytes),
            WrittenBytesPerSecond = rates.PerSecond(then.WrittenBytes, now.WrittenBytes),
            ContextSwitchesPerSecond = rates.PerSecond(then.ContextSwitches, now.ContextSwitches),
            VoluntarySwitchesPerSecond = rates.PerSecond(then.VoluntarySwitches, now.VoluntarySwitches),
            InvoluntarySwitchesPerSecond = rates.PerSecond(then.InvoluntarySwitches, now.InvoluntarySwitches),
            RunQueueDelayPercent = rates.PercentOfTime(then.RunQueueDelayNanoseconds, now.RunQueueDelayNanoseconds),
        };
    }

    private static ProcessFigures NoRates { get; } = new()
    {
        CpuPercent = Rates.NotYet(),
        UserPercent = Rates.NotYet(),
        SystemPercent = Rates.NotYet(),
        PageFaultsPerSecond = Rates.NotYet(),
        HardFaultsPerSecond = Rates.NotYet(),
        ReadBytesPerSecond = Rates.NotYet(),
        WrittenBytesPerSecond = Rates.NotYet(),
        ContextSwitchesPerSecond = Rates.NotYet(),
        VoluntarySwitchesPerSecond = Rates.NotYet(),
        InvoluntarySwitchesPerSecond = Rates.NotYet(),
        RunQueueDelayPercent = Rates.NotYet(),
    };

    private static ProcessFigures WithRatesOf(ProcessFigures gauges, ProcessFigures rates) => gauges with
    {
        CpuPercent = rates.CpuPercent,
        UserPercent = rates.UserPercent,
        SystemPercent = rates.SystemPercent,
        PageFaultsPerSecond = rates.PageFaultsPerSecond,
        HardFaultsPerSecond = rates.HardFaultsPerSecond,
        ReadBytesPerSecond = rates.ReadBytesPerSecond,
        WrittenBytesPerSecond = rates.WrittenBytesPerSecond,
        ContextSwitchesPerSecond = rates.ContextSwitchesPerSecond,
        VoluntarySwitchesPerSecond = rates.VoluntarySwitchesPerSecond,
        InvoluntarySwitchesPerSecond = rates.InvoluntarySwitchesPerSecond,
        RunQueueDelayPercent = rates.RunQueueDelayPercent,
    };

    private static ProcessFigures Absent(Reading<ProcessCounters> why)
    {
        Reading<double> rate = why.Absent<double>();
        return new ProcessFigures
        {
            CpuPercent = rate,
            UserPercent = rate,
            SystemPercent = rate,
            ResidentBytes = why.Absent<long>(),
            PrivateBytes = why.Absent<long>(),
            Threads = why.Absent<int>(),
            Handles = why.Absent<int>(),
            HandleLimit = why.Absent<long>(),
            PageFaultsPerSecond = rate,
            HardFaultsPerSecond = rate,
            ReadBytesPerSecond = rate,
            WrittenBytesPerSecond = rate,
            ContextSwitchesPerSecond = rate,
            VoluntarySwitchesPerSecond = rate,
            InvoluntarySwitchesPerSecond = rate,
            RunQueueDelayPercent = rate,
            AllowedCores = why.Absent<CoreSet>(),
            Priority = why.Absent<string>(),
        };
    }
}
