using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>A report of the kernel's events as shares and rates.</summary>
public sealed record KernelFigures
{
    /// <summary>All it is made of: delays, threads, cores, samples.</summary>
    public required KernelReport Report { get; init; }

    /// <summary>Length of the report's interval.</summary>
    public required double Seconds { get; init; }

    /// <summary>Events were lost: every figure is of what is left, and at least this much.</summary>
    public required bool IsPartial { get; init; }

    public required double EventsPerSecond { get; init; }

    /// <summary>The target's time on cores; 100 is one core used whole. Not supported, as the three below, where switches are not told.</summary>
    public required Reading<double> OnCpuPercent { get; init; }

    /// <summary>Time its threads were ready without a core; 100 is one thread that always waits. Not supported where readiness is not told.</summary>
    public required Reading<double> ReadyPercent { get; init; }

    public required Reading<double> PreemptionsPerSecond { get; init; }

    public required Reading<double> VoluntarySwitchesPerSecond { get; init; }

    public required Reading<double> CoreMigrationsPerSecond { get; init; }

    public required Reading<double> NodeMigrationsPerSecond { get; init; }

    /// <summary>By number.</summary>
    public required ImmutableArray<CoreShare> Cores { get; init; }

    public required Reading<double> DiskReadBytesPerSecond { get; init; }

    public required Reading<double> DiskWrittenBytesPerSecond { get; init; }

    public required Reading<double> NetworkReceivedBytesPerSecond { get; init; }

    public required Reading<double> NetworkSentBytesPerSecond { get; init; }

    public required Reading<double> HardFaultsPerSecond { get; init; }
}

/// <summary>How a core was shared in the interval; the parts are per cent of it, together 100.</summary>
/// <param name="Core">What is behind it: its processes above all.</param>
/// <param name="OthersPercent">All other processes together.</param>
/// <param name="InterruptPercent">Null where interrupts are not told; then they are in the others' parts.</param>
/// <param name="UnknownPercent">Who ran is not known; see <see cref="CoreActivity"/>.</param>
public sealed record CoreShare(CoreActivity Core, double TargetPercent, double OthersPercent, double IdlePercent, double? InterruptPercent, double UnknownPercent);
