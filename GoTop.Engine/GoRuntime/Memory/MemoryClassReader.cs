using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>What runtime.readmemstats_m sums up, from the same counters.</summary>
internal static class MemoryClassReader
{
    private const int Generations = 3;
    private const int SizeClasses = 68;
    private const int SysStats = 6;

    public static Reading<MemoryClasses> Read(TargetMemory memory, ulong? memStats, RuntimeLayout at, GcController controller)
    {
        const string name = "runtime.memstats";
        if (memStats is not { } found) return Absence.NotFound(name).Of<MemoryClasses>();
        ulong address = found + memory.Slide;
        if (ReadHeapStats(memory, address, at) is not { } heap || memory.TryReadBlock(address + (ulong)at.MemStatsStacksSys, SysStats * 8) is not { } sys)
        {
            return Absence.Unreadable(name, address).Of<MemoryClasses>();
        }

        // stacks_sys (of threads), mspan_sys, mcache_sys, buckhash_sys, gcMiscSys, other_sys
        long other = heap.WorkBuffers + heap.PointerScalarBits;
        for (int i = 1; i < SysStats; i++) other += sys.Int64(i * 8);
        long heapIdle = controller.HeapFree + controller.HeapReleased;
        long heapSys = controller.HeapInUse + heapIdle;
        long threadStacks = sys.Int64(0);
        if (other < 0 || heap.Stacks < 0 || threadStacks < 0 || heapIdle < 0)
        {
            return Absence.Implausible(name, address, $"stacks {heap.Stacks}, other {other}, idle heap {heapIdle}").Of<MemoryClasses>();
        }

        return Reading.Of(new MemoryClasses
        {
            Sys = heapSys + heap.Stacks + threadStacks + other,
            HeapSys = heapSys,
            HeapIdle = heapIdle,
            HeapInUse = controller.HeapInUse,
            HeapReleased = controller.HeapReleased,
            HeapObjects = Reading.Of(Math.Max(0, heap.Mallocs - heap.Frees)),
            StackInUse = heap.Stacks,
            Other = other + threadStacks,
        });
    }

    /// <summary>
    /// The three heapStatsDelta at the start of mstats; their sum is the truth up to what the Ps hold back in their
    /// caches (at most a span of each size class per P). Null when not readable.
    /// </summary>
    public static HeapStats? ReadHeapStats(TargetMemory memory, ulong memStats, RuntimeLayout at)
    {
        if (memory.TryReadBlock(memStats, Generations * at.HeapStatsSize) is not { } block) return null;
        HeapStats sum = new(0, 0, 0, 0, 0);
        for (int i = 0; i < Generations; i++)
        {
            int start = i * at.HeapStatsSize;
            int tiny = start + at.HeapStatsTinyAllocs;
            int allocs = tiny + 16;
            int frees = allocs + 8 + SizeClasses * 8 + 8;
            long mallocs = block.Int64(tiny);
            long freed = block.Int64(tiny);
            for (int j = 0; j <= SizeClasses; j++)
            {
                // The count of large objects, then those of the size classes.
                mallocs += block.Int64(allocs + j * 8);
                freed += block.Int64(frees + j * 8);
            }

            sum = new HeapStats(
                sum.Stacks + block.Int64(start + 24), sum.WorkBuffers + block.Int64(start + 32),
                sum.PointerScalarBits + (at.HasPointerScalarBits ? block.Int64(start + 40) : 0), sum.Mallocs + mallocs, sum.Frees + freed);
        }

        return sum;
    }
}

/// <summary>Bytes by use, and counts of objects; tiny ones count as allocated and freed at once, as MemStats has it.</summary>
internal sealed record HeapStats(long Stacks, long WorkBuffers, long PointerScalarBits, long Mallocs, long Frees);
