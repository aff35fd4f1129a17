using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>How a figure is written.</summary>
public enum Unit
{
    Count,
    Percent,
    Bytes,
    BytesPerSecond,
    PerSecond,
    Nanoseconds,
}

/// <summary>A figure whose past is kept, for curves, sparklines and rules. Its name is stable: configuration refers to it.</summary>
public sealed record Series(string Name, string Title, Unit Unit, Func<Snapshot, Reading<double>> Select);

/// <summary>Every figure whose past is kept. A new one is a line here and in <see cref="All"/>.</summary>
public static class SeriesCatalog
{
    public static readonly Series Cpu = new("process.cpuPercent", "CPU", Unit.Percent, s => s.Process.CpuPercent);
    public static readonly Series Resident = new("process.residentBytes", "Resident", Unit.Bytes, s => s.Process.ResidentBytes.Select(v => (double)v));
    public static readonly Series Threads = new("process.threads", "Threads", Unit.Count, s => s.Process.Threads.Select(v => (double)v));
    public static readonly Series Handles = new("process.handles", "Handles", Unit.Count, s => s.Process.Handles.Select(v => (double)v));
    public static readonly Series RunQueueDelay = new("process.runQueueDelayPercent", "Run-queue delay", Unit.Percent, s => s.Process.RunQueueDelayPercent);
    public static readonly Series ReadBytes = new("process.readBytesPerSecond", "Read", Unit.BytesPerSecond, s => s.Process.ReadBytesPerSecond);
    public static readonly Series WrittenBytes = new("process.writtenBytesPerSecond", "Written", Unit.BytesPerSecond, s => s.Process.WrittenBytesPerSecond);
    public static readonly Series Throttled = new("container.throttledPercent", "Throttled", Unit.Percent, s => s.Container.ThrottledPercent);
    public static readonly Series HostCpu = new("host.cpuPercent", "Host CPU", Unit.Percent, s => s.Host.CpuPercent);
    public static readonly Series HostMemoryAvailable = new("host.memoryAvailableBytes", "Host memory free", Unit.Bytes, s => s.Host.MemoryAvailableBytes.Select(v => (double)v));
    public static readonly Series Goroutines = new("go.goroutines", "Goroutines", Unit.Count, s => s.Go.Counters.Goroutines.Select(v => (double)v));
    public static readonly Series HeapLive = new("go.heapLiveBytes", "Heap live", Unit.Bytes, s => s.Go.Counters.HeapLiveBytes.Select(v => (double)v));
    public static readonly Series HeapGoal = new("go.heapGoalBytes", "Heap goal", Unit.Bytes, s => s.Go.Counters.HeapGoalBytes.Select(v => (double)v));
    public static readonly Series GoMemory = new("go.sysBytes", "Go memory", Unit.Bytes, s => s.Go.Counters.Memory.Select(m => (double)(m.Sys - m.HeapReleased)));
    public static readonly Series AllocRate = new("go.allocBytesPerSecond", "Allocation", Unit.BytesPerSecond, s => s.Go.AllocBytesPerSecond);
    public static readonly Series GcCycles = new("go.gcCyclesPerSecond", "GC cycles", Unit.PerSecond, s => s.Go.GcCyclesPerSecond);
    public static readonly Series GcCpu = new("go.gcCpuPercent", "GC CPU", Unit.Percent, s => s.Go.GcCpuPercent);
    public static readonly Series Pause = new("go.pausePercent", "STW for GC", Unit.Percent, s => s.Go.PausePercent);
    public static readonly Series SchedulingLatencyP99 = new("go.schedulingLatencyP99Nanoseconds", "Sched latency p99", Unit.Nanoseconds, s => s.Go.SchedulingLatencyP99Nanoseconds);
    public static readonly Series Schedules = new("go.schedulesPerSecond", "Schedules", Unit.PerSecond, s => s.Go.SchedulesPerSecond);
    public static readonly Series RunQueue = new("go.runQueue", "Run queue", Unit.Count, s => s.Go.RunQueue.Select(v => (double)v));
    public static readonly Series HttpRequests = new("service.http.perSecond", "HTTP requests", Unit.PerSecond, s => s.Service.Http.PerSecond);
    public static readonly Series HttpFailed = new("service.http.failedPercent", "HTTP failures", Unit.Percent, s => s.Service.Http.FailedPercent);
    public static readonly Series HttpTimeP99 = new("service.http.p99Nanoseconds", "HTTP time p99", Unit.Nanoseconds, s => s.Service.Http.P99Nanoseconds);
    public static readonly Series GrpcRequests = new("service.grpc.perSecond", "gRPC calls", Unit.PerSecond, s => s.Service.Grpc.PerSecond);
    public static readonly Series GrpcFailed = new("service.grpc.failedPercent", "gRPC failures", Unit.Percent, s => s.Service.Grpc.FailedPercent);
    public static readonly Series GrpcTimeP99 = new("service.grpc.p99Nanoseconds", "gRPC time p99", Unit.Nanoseconds, s => s.Service.Grpc.P99Nanoseconds);

    public static ImmutableArray<Series> All { get; } =
    [
        Cpu, Resident, Threads, Handles, RunQueueDelay, ReadBytes, WrittenBytes, Throttled, HostCpu, HostMemoryAvailable,
        Goroutines, HeapLive, HeapGoal, GoMemory, AllocRate, GcCycles, GcCpu, Pause, SchedulingLatencyP99, Schedules, RunQueue,
        HttpRequests, HttpFailed, HttpTimeP99, GrpcRequests, GrpcFailed, GrpcTimeP99,
    ];
}
