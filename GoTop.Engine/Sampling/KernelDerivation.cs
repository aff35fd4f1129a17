using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

internal static class KernelDerivation
{
    private const double ShortestSeconds = 1e-3;

    public static Reading<KernelFigures> Derive(Reading<KernelFigures>? derived, SampleFacts facts)
    {
        // A reading that is carried along is not worked out again.
        if (facts.Kernel.TryGet(out KernelReport? report) && derived is { HasValue: true } known && ReferenceEquals(known.Value.Report, report))
            return Reading.From(facts.Kernel.State, known.Value, facts.Kernel.Reason);
        return facts.Kernel.Select(Figures);
    }

    private static KernelFigures Figures(KernelReport report)
    {
        double seconds = Math.Max(ShortestSeconds, report.DurationNanoseconds / 1e9);
        double Percent(long nanoseconds) => nanoseconds / seconds / 1e7;
        Reading<double> PerSecond(Reading<long> sum) => sum.Select(value => value / seconds);
        Reading<double> Switched(double value) => report.Coverage.Tells(KernelFacts.Switches)
            ? Reading.Of(value)
            : Reading.NotSupported<double>(report.Coverage.WhyNot(KernelFacts.Switches));
        ThreadActivity all = report.Target;
        return new KernelFigures
        {
            Report = report,
            Seconds = report.DurationNanoseconds / 1e9,
            IsPartial = report.LostEvents > 0,
            EventsPerSecond = report.Events / seconds,
            OnCpuPercent = Switched(Percent(all.OnCpuNanoseconds)),
            ReadyPercent = report.Coverage.Tells(KernelFacts.Ready | KernelFacts.Switches)
                ? Reading.Of(Percent(all.ReadyNanoseconds))
                : Reading.NotSupported<double>(report.Coverage.WhyNot(KernelFacts.Ready)),
            PreemptionsPerSecond = Switched(all.Preemptions / seconds),
            VoluntarySwitchesPerSecond = Switched(all.VoluntarySwitches / seconds),
            CoreMigrationsPerSecond = Switched(all.CoreMigrations / seconds),
            NodeMigrationsPerSecond = Switched(all.NodeMigrations / seconds),
            Cores =
            [
                .. report.Cores.Select(core => new CoreShare(
                    core, Percent(core.TargetNanoseconds), Percent(Math.Max(0, core.BusyNanoseconds - core.TargetNanoseconds)), Percent(core.IdleNanoseconds),
                    core.InterruptNanoseconds is { } interrupts ? Percent(interrupts) : null, Percent(core.UnknownNanoseconds))),
            ],
            DiskReadBytesPerSecond = PerSecond(report.DiskReadBytes),
            DiskWrittenBytesPerSecond = PerSecond(report.DiskWrittenBytes),
            NetworkReceivedBytesPerSecond = PerSecond(report.NetworkReceivedBytes),
            NetworkSentBytesPerSecond = PerSecond(report.NetworkSentBytes),
            HardFaultsPerSecond = PerSecond(report.HardFaults),
        };
    }
}
