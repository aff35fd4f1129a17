using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet;

/// <summary>The metrics of one target as they were read, NaN where there is none; used again and again. From them come the fleet's figures.</summary>
internal sealed class FleetRaw
{
    /// <summary>client_golang's answer on Windows for the limit of handles, which Windows does not have.</summary>
    private const double WindowsHandleLimit = 16 * 1024 * 1024;

    private const string Lacks = "its metrics lack ";

    private readonly double[] _levels = new double[Enum.GetValues<RuntimeMetric>().Length];

    public FleetRaw() => Clear();

    public static ImmutableArray<Reading<double>> NoFigures { get; } = [.. FleetFigureCatalog.All.Select(_ => Reading.NotYet<double>())];

    /// <summary>Seconds of CPU in a second.</summary>
    public double CpuPerSecond { get; set; }

    /// <summary>Seconds of CPU for GC in a second.</summary>
    public double GcCpuPerSecond { get; set; }

    /// <summary>Seconds in which the world was stopped for GC in a second.</summary>
    public double PausePerSecond { get; set; }

    public double AllocBytesPerSecond { get; set; }

    public double SchedulingP99Seconds { get; set; }

    /// <summary>Why there are no rates yet although their counters are there; null when there are.</summary>
    public string? WhyNoRates { get; set; }

    /// <summary>Any figure of a Go runtime is there.</summary>
    public bool HasRuntime
    {
        get
        {
            for (int i = 0; i < (int)RuntimeMetric.ProcessCpuSeconds; i++)
            {
                if (!double.IsNaN(_levels[i])) return true;
            }

            return false;
        }
    }

    public bool IsWindows => this[RuntimeMetric.ProcessMaxFds] == WindowsHandleLimit && double.IsNaN(this[RuntimeMetric.ProcessMaxVirtual]);

    public double this[RuntimeMetric metric]
    {
        get => _levels[(int)metric];
        set => _levels[(int)metric] = value;
    }

    public void Clear()
    {
        Array.Fill(_levels, double.NaN);
        (CpuPerSecond, GcCpuPerSecond, PausePerSecond, AllocBytesPerSecond, SchedulingP99Seconds) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        WhyNoRates = null;
    }

    public Reading<DateTimeOffset> StartedAt() => this[RuntimeMetric.ProcessStartSeconds] is > 0 and < 1e11 and double seconds
        ? Reading.Of(DateTimeOffset.UnixEpoch.AddSeconds(seconds))
        : Reading.NotSupported<DateTimeOffset>(Lacks + "process_start_time_seconds");

    /// <summary>By <see cref="FleetFigureCatalog"/>.</summary>
    public ImmutableArray<Reading<double>> ToFigures()
    {
        ImmutableArray<Reading<double>>.Builder figures = ImmutableArray.CreateBuilder<Reading<double>>(FleetFigureCatalog.All.Length);
        foreach (FleetFigureInfo info in FleetFigureCatalog.All) figures.Add(Figure(info.Figure));
        return figures.MoveToImmutable();
    }

    private Reading<double> Figure(FleetFigure figure) => figure switch
    {
        FleetFigure.Cpu => Rate(CpuPerSecond * 100, RuntimeMetric.ProcessCpuSeconds, Lacks + "process_cpu_seconds_total"),
        FleetFigure.Resident => Level(this[RuntimeMetric.ProcessResident], Lacks + "process_resident_memory_bytes"),
        FleetFigure.Goroutines => Level(this[RuntimeMetric.Goroutines], Lacks + "go_goroutines"),
        FleetFigure.Heap => Level(Heap, Lacks + "go_memstats_heap_alloc_bytes"),
        FleetFigure.MemoryOfLimit => MemoryOfLimit(),
        FleetFigure.GcCpu => double.IsNaN(this[RuntimeMetric.Gomaxprocs])
            ? Reading.NotSupported<double>(Lacks + "go_sched_gomaxprocs_threads")
            : Rate(100 * GcCpuPerSecond / this[RuntimeMetric.Gomaxprocs], RuntimeMetric.GcCpuSeconds, Lacks + "go_cpu_classes_gc_total_cpu_seconds_total"),
        FleetFigure.Pause => Rate(PausePerSecond * 100, RuntimeMetric.PauseTotalSeconds, Lacks + "go_gc_duration_seconds_sum"),
        FleetFigure.SchedulingLatency => Level(SchedulingP99Seconds * 1e9, Lacks + "go_sched_latencies_seconds_bucket"),
        FleetFigure.Allocation => Rate(AllocBytesPerSecond, RuntimeMetric.TotalAlloc, Lacks + "go_memstats_alloc_bytes_total"),
        FleetFigure.Threads => Level(this[RuntimeMetric.Threads], Lacks + "go_threads"),
        FleetFigure.Handles => Level(this[RuntimeMetric.ProcessOpenFds], Lacks + "process_open_fds"),
        _ => HandlesOfLimit(),
    };

    private double Heap => double.IsNaN(this[RuntimeMetric.HeapAlloc]) ? this[RuntimeMetric.Alloc] : this[RuntimeMetric.HeapAlloc];

    private Reading<double> MemoryOfLimit()
    {
        double limit = this[RuntimeMetric.MemoryLimit], used = this[RuntimeMetric.Sys] - this[RuntimeMetric.HeapReleased];
        if (double.IsNaN(limit)) return Reading.NotSupported<double>(Lacks + "go_gc_gomemlimit_bytes");
        // The largest number means none; as a floating-point number it is one more than a long holds.
        if (limit >= long.MaxValue || limit <= 0) return NoMemoryLimit;
        return Level(100 * used / limit, Lacks + "go_memstats_sys_bytes");
    }

    private Reading<double> HandlesOfLimit()
    {
        if (IsWindows) return NoHandleLimit;
        double limit = this[RuntimeMetric.ProcessMaxFds];
        return limit > 0 ? Level(100 * this[RuntimeMetric.ProcessOpenFds] / limit, Lacks + "process_open_fds") : Reading.NotSupported<double>(Lacks + "process_max_fds");
    }

    private Reading<double> Rate(double value, RuntimeMetric counter, string absent) =>
        double.IsFinite(value) ? Reading.Of(value)
        : !double.IsNaN(this[counter]) && WhyNoRates is { } why ? Reading.NotYet<double>(why)
        : Reading.NotSupported<double>(absent);

    private static Reading<double> Level(double value, string absent) => double.IsFinite(value) ? Reading.Of(value) : Reading.NotSupported<double>(absent);

    private static Reading<double> NoMemoryLimit { get; } = Reading.NotSupported<double>("GOMEMLIMIT is not set");

    private static Reading<double> NoHandleLimit { get; } = Reading.NotSupported<double>("Windows has no limit of its own for each process");
}
