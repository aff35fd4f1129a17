using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// The runtime's own figures: one read per struct, each checked before it is believed. Every figure is absent with a
/// reason when its struct was not found, not readable or not plausible.
/// </summary>
internal sealed class CounterReader(string goVersion, RuntimeLayout? layout, RuntimeGlobals globals, ProcLayout proc, TargetMemory memory)
{
    private const int ControllerLength = 352;
    private const int PauseRing = 256;
    private const long MaximumAddressSpace = 1L << 57;
    private const int MaximumGcPercent = 1_000_000_000;

    private readonly string _unknownVersion = $"GoTop does not know where {goVersion} keeps it";

    public RuntimeCounters Read()
    {
        RuntimeCounters counters = new() { GoVersion = Reading.Of(goVersion), GcRunning = ReadGcRunning() };
        ProcFacts procs = ProcReader.Read(memory, proc, globals.AllProcs);
        counters = counters with { Procs = procs.Procs, Gomaxprocs = procs.Procs.Select(all => all.Length) };
        if (layout is null) return CounterReasons.FillIn(counters, Absence.NotSupported(_unknownVersion));
        counters = WithScheduler(counters, layout, procs);
        counters = WithController(counters, layout);
        counters = WithMemStats(counters, layout);
        return WithGcCpu(counters, layout);
    }

    private Reading<bool> ReadGcRunning()
    {
        if (globals.GcPhase is not { } at) return Absence.NotFound("runtime.gcphase").Of<bool>();
        if (!memory.TryReadInt32(at + memory.Slide, out int phase)) return Absence.Unreadable("runtime.gcphase", at + memory.Slide).Of<bool>();
        return phase is >= 0 and <= 2 ? Reading.Of(phase != 0) : Absence.Implausible("runtime.gcphase", at + memory.Slide, $"phase {phase}").Of<bool>();
    }

    private RuntimeCounters WithScheduler(RuntimeCounters counters, RuntimeLayout at, ProcFacts procs)
    {
        const string name = "runtime.sched";
        if (globals.SchedLock is not { } schedLock) return CounterReasons.Scheduler(counters, Absence.NotFound(name));
        ulong address = schedLock - (ulong)at.SchedLock + memory.Slide;
        int headLength = Math.Max(at.SchedFreeGoroutines[^1] + 4, Math.Max(at.SchedRunQueueSize + 4, at.SchedSystemGoroutines + 4));
        if (memory.TryReadBlock(address, headLength) is not { } head) return CounterReasons.Scheduler(counters, Absence.Unreadable(name, address));
        long threads = head.Int64(at.SchedThreadsMade) - head.Int64(at.SchedThreadsFreed);
        int queue = head.Int32(at.SchedRunQueueSize);
        int system = head.Int32(at.SchedSystemGoroutines);
        long free = 0;
        foreach (int offset in at.SchedFreeGoroutines) free += head.Int32(offset);
        if (threads is <= 0 or > 10_000_000 || queue < 0 || system < 0 || free < 0)
        {
            return CounterReasons.Scheduler(counters, Absence.Implausible(name, address, $"{threads} threads, {queue} runnable, {system} system goroutines, {free} free ones"));
        }

        bool shortForm = at.HasShortHistograms;
        Reading<TimeHistogram> Histogram(int offset) =>
            memory.TryReadBlock(address + (ulong)offset, TimeHistogramDecoder.Size(shortForm)) is { } block
                ? Reading.Of(TimeHistogramDecoder.Decode(block, 0, shortForm))
                : Absence.Unreadable(name, address + (ulong)offset).Of<TimeHistogram>();
        Absence before122 = Absence.NotSupported("kept since Go 1.22");
        return counters with
        {
            Goroutines = CountGoroutines(procs, system, free),
            Threads = Reading.Of((int)threads),
            GlobalRunQueue = Reading.Of(queue),
            SchedulingLatency = Histogram(at.SchedTimeToRun),
            GcStopTheWorld = at.SchedStopTheWorldGc is { } gc ? Histogram(gc) : before122.Of<TimeHistogram>(),
            OtherStopTheWorld = at.SchedStopTheWorldGc is { } other ? Histogram(other + TimeHistogramDecoder.Size(true)) : before122.Of<TimeHistogram>(),
        };
    }

    /// <summary>runtime.gcount: all ever made, less those free for reuse, less the runtime's own.</summary>
    private Reading<long> CountGoroutines(ProcFacts procs, int system, long free)
    {
        if (procs.FreeGoroutines is not { } freeOfProcs) return procs.Procs.HasValue ? Absence.NotFound("runtime.p.gFree").Of<long>() : procs.Procs.Absent<long>();
        ulong address = globals.AllGoroutinesLength!.Value + memory.Slide;
        if (!memory.TryReadWord(address, out ulong all)) return Absence.Unreadable("runtime.allglen", address).Of<long>();
        long count = (long)all - free - freeOfProcs - system;
        return count > 0 || all < 1 << 20 ? Reading.Of(Math.Max(1, count)) : Absence.Implausible("runtime.allglen", address, $"{all} less {free + freeOfProcs + system}").Of<long>();
    }

    private RuntimeCounters WithController(RuntimeCounters counters, RuntimeLayout at)
    {
        const string name = "runtime.gcController";
        if (globals.GcController is not { } found) return CounterReasons.Controller(counters, Absence.NotFound(name));
        ulong address = found + memory.Slide;
        if (memory.TryReadBlock(address, ControllerLength) is not { } block) return CounterReasons.Controller(counters, Absence.Unreadable(name, address));
        GcController controller = new(block, at);
        if (controller.Percent is < -1 or > MaximumGcPercent || controller.MemoryLimit < 0 || controller.HeapLive is < 0 or > MaximumAddressSpace
            || controller.HeapInUse is < 0 or > MaximumAddressSpace)
        {
            return CounterReasons.Controller(counters, Absence.Implausible(name, address, $"GOGC {controller.Percent}, limit {controller.MemoryLimit}, live heap {controller.HeapLive}"));
        }

        return counters with
        {
            HeapLiveBytes = Reading.Of(controller.HeapLive),
            HeapGoalBytes = controller.HeapGoal is { } goal
                ? Reading.Of(goal)
                : Reading.NotSupported<long>("GOGC is off and there is no memory limit"),
            GcPercent = Reading.Of(controller.Percent),
            MemoryLimitBytes = Reading.Of(controller.MemoryLimit),
            TotalAllocBytes = Reading.Of(controller.TotalAlloc),
            Memory = MemoryClassReader.Read(memory, globals.MemStats, at, controller),
        };
    }

    private RuntimeCounters WithMemStats(RuntimeCounters counters, RuntimeLayout at)
    {
        const string name = "runtime.memstats";
        if (globals.MemStats is not { } found) return CounterReasons.MemStats(counters, Absence.NotFound(name));
        ulong address = found + memory.Slide;
        int start = at.MemStatsLastGc;
        if (memory.TryReadBlock(address + (ulong)start, at.MemStatsCycles + 16 - start) is not { } block) return CounterReasons.MemStats(counters, Absence.Unreadable(name, address));
        uint cycles = block.UInt32(at.MemStatsCycles - start);
        uint forced = block.UInt32(at.MemStatsCycles + 4 - start);
        double fraction = block.Double(at.MemStatsCycles + 8 - start);
        long lastGc = block.Int64(0);
        long pauseTotal = block.Int64(at.MemStatsPauseTotal - start);
        // Both or neither: a cycle has an end. It guards against a layout that moved.
        if (forced > cycles || fraction is not (>= 0 and <= 1) || pauseTotal < 0 || (cycles == 0) != (lastGc == 0) || lastGc < 0)
        {
            return CounterReasons.MemStats(counters, Absence.Implausible(name, address, $"{cycles} cycles, {forced} forced, last at {lastGc}, CPU fraction {fraction}"));
        }

        int kept = (int)Math.Min(cycles, PauseRing);
        ImmutableArray<long>.Builder pauses = ImmutableArray.CreateBuilder<long>(kept);
        for (int i = 0; i < kept; i++) pauses.Add(block.Int64(at.MemStatsPauses - start + (int)((cycles - kept + i) % PauseRing) * 8));
        HeapStats? heap = MemoryClassReader.ReadHeapStats(memory, address, at);
        Absence noHeapStats = Absence.Unreadable(name, address);
        return counters with
        {
            GcCycles = Reading.Of((long)cycles),
            ForcedGcCycles = Reading.Of((long)forced),
            GcCpuFraction = Reading.Of(fraction),
            LastGcAt = cycles == 0 ? Reading.NotYet<DateTimeOffset>("no GC cycle yet") : Reading.Of(DateTimeOffset.UnixEpoch.AddTicks(lastGc / 100)),
            PauseTotalNanoseconds = Reading.Of(pauseTotal),
            RecentPausesNanoseconds = Reading.Of(pauses.MoveToImmutable()),
            Mallocs = heap is null ? noHeapStats.Of<long>() : Reading.Of(heap.Mallocs),
            Frees = heap is null ? noHeapStats.Of<long>() : Reading.Of(heap.Frees),
        };
    }

    private RuntimeCounters WithGcCpu(RuntimeCounters counters, RuntimeLayout at)
    {
        const string name = "runtime.work";
        if (at.WorkGcAssistTime is not { } times) return CounterReasons.GcCpu(counters, Absence.NotSupported("kept since Go 1.20"));
        if (globals.AssistQueueLock is not { } queueLock) return CounterReasons.GcCpu(counters, Absence.NotFound(name));
        ulong address = queueLock - (ulong)at.WorkAssistQueueLock + (ulong)times + memory.Slide;
        if (memory.TryReadBlock(address, 40) is not { } block) return CounterReasons.GcCpu(counters, Absence.Unreadable(name, address));
        long assist = block.Int64(0);
        long total = block.Int64(32);
        return assist < 0 || total < assist
            ? CounterReasons.GcCpu(counters, Absence.Implausible(name, address, $"assist {assist} ns of {total} ns"))
            : counters with { GcCpuNanoseconds = Reading.Of(total), GcAssistCpuNanoseconds = Reading.Of(assist) };
    }
}
