using System.Collections.Immutable;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Fleet;

/// <summary>What the fleet tells of every target, in the order of <see cref="FleetFigureCatalog"/>.</summary>
public enum FleetFigure : byte
{
    Cpu,
    Resident,
    Goroutines,
    Heap,
    MemoryOfLimit,
    GcCpu,
    Pause,
    SchedulingLatency,
    Allocation,
    Threads,
    Handles,
    HandlesOfLimit,
}

/// <summary>One figure of the fleet. Name, unit and meaning are those of <see cref="FigureCatalog"/>, so that a figure is called the same everywhere.</summary>
/// <param name="Floor">
/// In its unit: differences below it say nothing, however alike the peers are. Without it four idle services would make
/// a fifth odd by a tenth of a per cent of CPU.
/// </param>
public sealed record FleetFigureInfo(FleetFigure Figure, NamedFigure Named, double Floor)
{
    public string Name => Named.Name;

    public string Title => Named.Title;

    public Unit Unit => Named.Unit;
}

/// <summary>The figures of the fleet. A new one is a line here, a word in <see cref="FleetFigure"/> and its reading in <see cref="FleetRaw"/>.</summary>
public static class FleetFigureCatalog
{
    private const double MiB = 1 << 20;

    public static ImmutableArray<FleetFigureInfo> All { get; } =
    [
        Of(FleetFigure.Cpu, "process.cpuPercent", 5),
        Of(FleetFigure.Resident, "process.residentBytes", 32 * MiB),
        Of(FleetFigure.Goroutines, "go.goroutines", 50),
        Of(FleetFigure.Heap, "go.heapLiveBytes", 32 * MiB),
        Of(FleetFigure.MemoryOfLimit, "go.memoryOfLimitPercent", 5),
        Of(FleetFigure.GcCpu, "go.gcCpuPercent", 2),
        Of(FleetFigure.Pause, "go.pausePercent", 0.5),
        Of(FleetFigure.SchedulingLatency, "go.schedulingLatencyP99Nanoseconds", 1e6),
        Of(FleetFigure.Allocation, "go.allocBytesPerSecond", 8 * MiB),
        Of(FleetFigure.Threads, "process.threads", 16),
        Of(FleetFigure.Handles, "process.handles", 50),
        Of(FleetFigure.HandlesOfLimit, "process.handlesOfLimitPercent", 5),
    ];

    public static FleetFigureInfo Of(FleetFigure figure) => All[(int)figure];

    private static FleetFigureInfo Of(FleetFigure figure, string name, double floor) => new(figure, FigureCatalog.Find(name)!, floor);
}
