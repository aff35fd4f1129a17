namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>runtime.gcControllerState: the pacer's numbers, and the goal it derives from them.</summary>
internal sealed class GcController(MemoryBlock block, RuntimeLayout at)
{
    private const long MinimumHeadroom = 1 << 20;
    private const int HeadroomPercent = 3;
    private const ulong MinimumRunway = 64 << 10;

    public int Percent => block.Int32(0);

    public long MemoryLimit => block.Int64(8);

    public long HeapLive => Field(32);

    public long HeapInUse => Field(200);

    public long HeapReleased => Field(208);

    /// <summary>Idle and not given back to the system.</summary>
    public long HeapFree => Field(216);

    public long TotalAlloc => Field(224);

    private long HeapMarked => Field(80);

    private long TotalFree => Field(232);

    private long MappedReady => Field(240);

    /// <summary>MemStats.NextGC, by runtime.gcControllerState.heapGoal; null when no cycle is ever due.</summary>
    public long? HeapGoal
    {
        get
        {
            ulong goal = block.UInt64(at.ControllerHeapGoal);
            ulong limited = (ulong)Math.Max(0, MemoryLimitGoal());
            if (limited < goal) return limited > long.MaxValue / 2 ? null : (long)limited;
            ulong sweepTrigger = block.UInt64(at.ControllerHeapGoal + 8);
            ulong triggered = block.UInt64(at.ControllerHeapGoal + 16);
            goal = Math.Max(goal, sweepTrigger);
            if (triggered != ulong.MaxValue && goal < triggered + MinimumRunway) goal = triggered + MinimumRunway;
            return goal > long.MaxValue / 2 ? null : (long)goal;
        }
    }

    private long MemoryLimitGoal()
    {
        if (MemoryLimit == long.MaxValue) return long.MaxValue;
        long nonHeap = Math.Max(0, MappedReady - HeapFree - (TotalAlloc - TotalFree));
        long overage = Math.Max(0, MappedReady - MemoryLimit);
        if (nonHeap + overage >= MemoryLimit) return HeapMarked;
        long goal = MemoryLimit - (nonHeap + overage);
        long headroom = at.HasProportionalHeadroom ? Math.Max(MinimumHeadroom, goal / 100 * HeadroomPercent) : MinimumHeadroom;
        goal = goal < headroom || goal - headroom < headroom ? headroom : goal - headroom;
        return Math.Max(goal, HeapMarked);
    }

    /// <param name="offset">From gcPercentHeapGoal.</param>
    private long Field(int offset) => block.Int64(at.ControllerHeapGoal + offset);
}
