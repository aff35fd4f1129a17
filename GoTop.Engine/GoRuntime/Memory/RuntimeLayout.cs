namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Offsets in the runtime's global structs, which no type descriptor tells, by Go version; the same on Linux and
/// Windows, and for every patch release. Taken from the DWARF of builds with each version.
/// </summary>
internal sealed record RuntimeLayout
{
    /// <summary>schedt.lock, by which runtime.sched is found.</summary>
    public required int SchedLock { get; init; }

    /// <summary>schedt.mnext (int64): threads made so far.</summary>
    public required int SchedThreadsMade { get; init; }

    /// <summary>schedt.nmfreed (int64).</summary>
    public int SchedThreadsFreed => SchedThreadsMade + 16;

    /// <summary>schedt.ngsys (int32).</summary>
    public int SchedSystemGoroutines => SchedThreadsMade + 24;

    /// <summary>schedt.runqsize or schedt.runq.size (int32).</summary>
    public required int SchedRunQueueSize { get; init; }

    /// <summary>schedt.gFree.n, or since 1.25 gFree.stack.size and gFree.noStack.size (int32 each).</summary>
    public required int[] SchedFreeGoroutines { get; init; }

    /// <summary>schedt.timeToRun.</summary>
    public required int SchedTimeToRun { get; init; }

    /// <summary>schedt.stwTotalTimeGC (1.22+); stwTotalTimeOther follows it.</summary>
    public int? SchedStopTheWorldGc { get; init; }

    /// <summary>timeHistogram of 1.20 and later: 40 buckets of 4; before 45 of 16.</summary>
    public bool HasShortHistograms { get; init; } = true;

    /// <summary>mstats.stacks_sys, which five more of the same kind follow, and then last_gc_unix and the pauses.</summary>
    public required int MemStatsStacksSys { get; init; }

    public int MemStatsLastGc => MemStatsStacksSys + 48;

    public int MemStatsPauseTotal => MemStatsStacksSys + 56;

    public int MemStatsPauses => MemStatsStacksSys + 64;

    /// <summary>mstats.numgc and numforcedgc (uint32 each), gc_cpu_fraction (float64).</summary>
    public int MemStatsCycles => MemStatsStacksSys + 4160;

    /// <summary>Size of one of the three heapStatsDelta at the start of mstats.</summary>
    public required int HeapStatsSize { get; init; }

    /// <summary>heapStatsDelta.inPtrScalarBits (until 1.24).</summary>
    public required bool HasPointerScalarBits { get; init; }

    /// <summary>heapStatsDelta.tinyAllocCount; largeAlloc, largeAllocCount and the 68 size classes follow, then the same for frees.</summary>
    public int HeapStatsTinyAllocs => HasPointerScalarBits ? 48 : 40;

    /// <summary>gcControllerState.gcPercentHeapGoal, by which the fields after it have moved.</summary>
    public required int ControllerHeapGoal { get; init; }

    /// <summary>Since 1.21 the goal under a memory limit keeps 3 % of headroom.</summary>
    public bool HasProportionalHeadroom { get; init; } = true;

    /// <summary>workType.assistQueue.lock, by which runtime.work is found.</summary>
    public required int WorkAssistQueueLock { get; init; }

    /// <summary>workType.cpuStats.GCAssistTime (1.20+); GCTotalTime lies 32 bytes after.</summary>
    public int? WorkGcAssistTime { get; init; }

    /// <summary>Null for a version not known here.</summary>
    public static RuntimeLayout? For(int goMinor) => goMinor switch
    {
        19 => Until124(96 + 16, 312, 3544) with
        {
            SchedFreeGoroutines = [176],
            HasShortHistograms = false,
            ControllerHeapGoal = 104,
            HasProportionalHeadroom = false,
            WorkAssistQueueLock = 304,
        },
        21 => Until124(120, 320, 3544) with { WorkAssistQueueLock = 360, WorkGcAssistTime = 488 },
        22 => Until124(120, 320, 3544) with { WorkAssistQueueLock = 360, WorkGcAssistTime = 480, SchedStopTheWorldGc = 4224 },
        23 or 24 => Until124(120, 320, 3544) with { WorkAssistQueueLock = 352, WorkGcAssistTime = 504, SchedStopTheWorldGc = 4224 },
        25 => Since125(schedShift: 0) with { WorkAssistQueueLock = 416, WorkGcAssistTime = 592 },
        26 or 27 => Since125(schedShift: 16) with { WorkAssistQueueLock = 552, WorkGcAssistTime = 728 },
        _ => null,
    };

    private static RuntimeLayout Until124(int runQueueSize, int timeToRun, int stacksSys) => new()
    {
        SchedLock = 24,
        SchedThreadsMade = 48,
        SchedRunQueueSize = runQueueSize,
        SchedFreeGoroutines = [184],
        SchedTimeToRun = timeToRun,
        MemStatsStacksSys = stacksSys,
        HeapStatsSize = 1176,
        HasPointerScalarBits = true,
        ControllerHeapGoal = 72,
        WorkAssistQueueLock = 0,
    };

    private static RuntimeLayout Since125(int schedShift) => new()
    {
        SchedLock = 32,
        SchedThreadsMade = 56 + schedShift,
        SchedRunQueueSize = 128 + schedShift,
        SchedFreeGoroutines = [184 + schedShift, 200 + schedShift],
        SchedTimeToRun = 344 + schedShift,
        SchedStopTheWorldGc = 4248 + schedShift,
        MemStatsStacksSys = 3520,
        HeapStatsSize = 1168,
        HasPointerScalarBits = false,
        ControllerHeapGoal = 72,
        WorkAssistQueueLock = 0,
    };
}
