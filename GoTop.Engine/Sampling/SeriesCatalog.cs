using System.Collections.Immutable;

namespace GoTop.Engine.Sampling;

/// <summary>The figures whose past is kept, for curves, sparklines and rules. A new one is a line here and in <see cref="All"/>.</summary>
public static class SeriesCatalog
{
    public static readonly NamedFigure Cpu = new("process.cpuPercent", "CPU", Unit.Percent, "CPU time; 100 is one core used whole", s => s.Process.CpuPercent);
    public static readonly NamedFigure Resident = new("process.residentBytes", "Resident", Unit.Bytes, "resident set (Linux), working set (Windows)", s => s.Process.ResidentBytes.Select(v => (double)v));
    public static readonly NamedFigure Threads = new("process.threads", "Threads", Unit.Count, "OS threads", s => s.Process.Threads.Select(v => (double)v));
    public static readonly NamedFigure Handles = new("process.handles", "Handles", Unit.Count, "open file descriptors (Linux), handles (Windows)", s => s.Process.Handles.Select(v => (double)v));
    public static readonly NamedFigure RunQueueDelay = new("process.runQueueDelayPercent", "Run-queue delay", Unit.Percent, "time its threads were ready without a core, per cent of one thread's time; may pass 100", s => s.Process.RunQueueDelayPercent);
    public static readonly NamedFigure ReadBytes = new("process.readBytesPerSecond", "Read", Unit.BytesPerSecond, "read from storage", s => s.Process.ReadBytesPerSecond);
    public static readonly NamedFigure WrittenBytes = new("process.writtenBytesPerSecond", "Written", Unit.BytesPerSecond, "written to storage", s => s.Process.WrittenBytesPerSecond);
    public static readonly NamedFigure Throttled = new("container.throttledPercent", "Throttled", Unit.Percent, "time throttled by the quota, summed over cores; may pass 100", s => s.Container.ThrottledPercent);
    public static readonly NamedFigure HostCpu = new("host.cpuPercent", "Host CPU", Unit.Percent, "CPU of the machine, 0 to 100 over all cores", s => s.Host.CpuPercent);
    public static readonly NamedFigure HostMemoryAvailable = new("host.memoryAvailableBytes", "Host memory free", Unit.Bytes, "memory that the machine can still give", s => s.Host.MemoryAvailableBytes.Select(v => (double)v));
    public static readonly NamedFigure Goroutines = new("go.goroutines", "Goroutines", Unit.Count, "goroutines, without the runtime's own", s => s.Go.Counters.Goroutines.Select(v => (double)v));
    public static readonly NamedFigure HeapLive = new("go.heapLiveBytes", "Heap live", Unit.Bytes, "marked by the last GC cycle, and allocated since", s => s.Go.Counters.HeapLiveBytes.Select(v => (double)v));
    public static readonly NamedFigure HeapGoal = new("go.heapGoalBytes", "Heap goal", Unit.Bytes, "heap size at which the next GC cycle is to end", s => s.Go.Counters.HeapGoalBytes.Select(v => (double)v));
    public static readonly NamedFigure GoMemory = new("go.sysBytes", "Go memory", Unit.Bytes, "memory that Go has of the system, without what it gave back", s => s.Go.Counters.Memory.Select(m => (double)(m.Sys - m.HeapReleased)));
    public static readonly NamedFigure AllocRate = new("go.allocBytesPerSecond", "Allocation", Unit.BytesPerSecond, "allocation, garbage included", s => s.Go.AllocBytesPerSecond);
    public static readonly NamedFigure GcCycles = new("go.gcCyclesPerSecond", "GC cycles", Unit.PerSecond, "GC cycles", s => s.Go.GcCyclesPerSecond);
    public static readonly NamedFigure GcCpu = new("go.gcCpuPercent", "GC CPU", Unit.Percent, "share of GOMAXPROCS × time that GC took, 0 to 100", s => s.Go.GcCpuPercent);
    public static readonly NamedFigure Pause = new("go.pausePercent", "STW for GC", Unit.Percent, "share of time the world was stopped for GC", s => s.Go.PausePercent);
    public static readonly NamedFigure SchedulingLatencyP99 = new("go.schedulingLatencyP99Nanoseconds", "Sched latency p99", Unit.Nanoseconds, "99th percentile of the time goroutines waited to run", s => s.Go.SchedulingLatencyP99Nanoseconds);
    public static readonly NamedFigure Schedules = new("go.schedulesPerSecond", "Schedules", Unit.PerSecond, "time slices started on all Ps", s => s.Go.SchedulesPerSecond);
    public static readonly NamedFigure RunQueue = new("go.runQueue", "Run queue", Unit.Count, "goroutines ready to run, in the global and local queues", s => s.Go.RunQueue.Select(v => (double)v));
    public static readonly NamedFigure HttpRequests = new("service.http.perSecond", "HTTP requests", Unit.PerSecond, "HTTP requests served, by the service's own metrics", s => s.Service.Http.PerSecond);
    public static readonly NamedFigure HttpFailed = new("service.http.failedPercent", "HTTP failures", Unit.Percent, "HTTP requests that failed (5xx), 0 to 100", s => s.Service.Http.FailedPercent);
    public static readonly NamedFigure HttpTimeP99 = new("service.http.p99Nanoseconds", "HTTP time p99", Unit.Nanoseconds, "99th percentile of the time of HTTP requests", s => s.Service.Http.P99Nanoseconds);
    public static readonly NamedFigure GrpcRequests = new("service.grpc.perSecond", "gRPC calls", Unit.PerSecond, "gRPC calls served, by the service's own metrics", s => s.Service.Grpc.PerSecond);
    public static readonly NamedFigure GrpcFailed = new("service.grpc.failedPercent", "gRPC failures", Unit.Percent, "gRPC calls that failed, 0 to 100", s => s.Service.Grpc.FailedPercent);
    public static readonly NamedFigure GrpcTimeP99 = new("service.grpc.p99Nanoseconds", "gRPC time p99", Unit.Nanoseconds, "99th percentile of the time of gRPC calls", s => s.Service.Grpc.P99Nanoseconds);
    public static readonly NamedFigure LogLines = new("log.linesPerSecond", "Log lines", Unit.PerSecond, "lines in its logs", s => s.Log.LinesPerSecond);
    public static readonly NamedFigure LogErrors = new("log.errorsPerSecond", "Log errors", Unit.PerSecond, "lines of level error and above in its logs", s => s.Log.ErrorsPerSecond);

    public static ImmutableArray<NamedFigure> All { get; } =
    [
        Cpu, Resident, Threads, Handles, RunQueueDelay, ReadBytes, WrittenBytes, Throttled, HostCpu, HostMemoryAvailable,
        Goroutines, HeapLive, HeapGoal, GoMemory, AllocRate, GcCycles, GcCpu, Pause, SchedulingLatencyP99, Schedules, RunQueue,
        HttpRequests, HttpFailed, HttpTimeP99, GrpcRequests, GrpcFailed, GrpcTimeP99,
        LogLines, LogErrors,
    ];
}
