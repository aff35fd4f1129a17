using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>The table of offsets against the DWARF of real builds, for each version and system.</summary>
public sealed class RuntimeLayoutTests
{
    public static TheoryData<int, string> Builds => [.. from minor in (int[])[19, 21, 22, 23, 24, 25, 26, 27] from system in (string[])["linux", "windows"] select (minor, system)];

    [Theory]
    [MemberData(nameof(Builds))]
    public void Every_offset_is_the_compilers(int minor, string system)
    {
        RuntimeLayout layout = RuntimeLayout.For(minor)!;
        using FileStream packed = File.OpenRead(SharedFiles.Require($"go-fixtures/offsets/1.{minor}-{system}.json.gz"));
        using GZipStream gzip = new(packed, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(gzip);
        JsonElement structs = document.RootElement.GetProperty("structs");
        int? Offset(string type, params string[] fields)
        {
            foreach (string field in fields)
            {
                if (!structs.TryGetProperty("runtime." + type, out JsonElement described) || !described.TryGetProperty(field, out JsonElement value)) continue;
                return int.Parse(value.GetString()!.Split(' ')[0], CultureInfo.InvariantCulture);
            }

            return null;
        }

        Assert.Equal(Offset("schedt", "lock"), layout.SchedLock);
        Assert.Equal(Offset("schedt", "mnext"), layout.SchedThreadsMade);
        Assert.Equal(Offset("schedt", "nmfreed"), layout.SchedThreadsFreed);
        Assert.Equal(Offset("schedt", "ngsys"), layout.SchedSystemGoroutines);
        Assert.Equal(Offset("schedt", "runqsize", "runq.size"), layout.SchedRunQueueSize);
        Assert.Equal(Offset("schedt", "gFree.n", "gFree.stack.size"), layout.SchedFreeGoroutines[0]);
        Assert.Equal(Offset("schedt", "gFree.noStack.size") ?? layout.SchedFreeGoroutines[0], layout.SchedFreeGoroutines[^1]);
        Assert.Equal(Offset("schedt", "timeToRun"), layout.SchedTimeToRun);
        Assert.Equal(Offset("schedt", "stwTotalTimeGC"), layout.SchedStopTheWorldGc);
        if (layout.SchedStopTheWorldGc is { } gc) Assert.Equal(Offset("schedt", "stwTotalTimeOther"), gc + TimeHistogramDecoder.Size(layout.HasShortHistograms));
        Assert.Equal(Offset("timeHistogram", "_size"), TimeHistogramDecoder.Size(layout.HasShortHistograms));
        Assert.Equal(Offset("mstats", "stacks_sys"), layout.MemStatsStacksSys);
        Assert.Equal(Offset("mstats", "other_sys"), layout.MemStatsStacksSys + 40);
        Assert.Equal(Offset("mstats", "last_gc_unix"), layout.MemStatsLastGc);
        Assert.Equal(Offset("mstats", "pause_total_ns"), layout.MemStatsPauseTotal);
        Assert.Equal(Offset("mstats", "pause_ns"), layout.MemStatsPauses);
        Assert.Equal(Offset("mstats", "numgc"), layout.MemStatsCycles);
        Assert.Equal(Offset("mstats", "numforcedgc"), layout.MemStatsCycles + 4);
        Assert.Equal(Offset("mstats", "gc_cpu_fraction"), layout.MemStatsCycles + 8);
        Assert.Equal(Offset("heapStatsDelta", "_size"), layout.HeapStatsSize);
        Assert.Equal(Offset("heapStatsDelta", "inPtrScalarBits") is not null, layout.HasPointerScalarBits);
        Assert.Equal(Offset("heapStatsDelta", "tinyAllocCount"), layout.HeapStatsTinyAllocs);
        Assert.Equal(Offset("heapStatsDelta", "largeAllocCount"), layout.HeapStatsTinyAllocs + 16);
        Assert.Equal(Offset("heapStatsDelta", "largeFreeCount"), layout.HeapStatsTinyAllocs + 16 + 560);
        Assert.Equal(Offset("gcControllerState", "gcPercentHeapGoal"), layout.ControllerHeapGoal);
        Assert.Equal(Offset("gcControllerState", "heapLive"), layout.ControllerHeapGoal + 32);
        Assert.Equal(Offset("gcControllerState", "heapInUse"), layout.ControllerHeapGoal + 200);
        Assert.Equal(Offset("gcControllerState", "mappedReady"), layout.ControllerHeapGoal + 240);
        Assert.Equal(Offset("workType", "assistQueue.lock"), layout.WorkAssistQueueLock);
        Assert.Equal(Offset("workType", "cpuStats.GCAssistTime", "cpuStats.gcAssistTime"), layout.WorkGcAssistTime);
        if (layout.WorkGcAssistTime is { } assist) Assert.Equal(Offset("workType", "cpuStats.GCTotalTime", "cpuStats.gcTotalTime"), assist + 32);
    }

    [Theory]
    [InlineData(18)]
    [InlineData(28)]
    public void A_version_that_was_not_measured_has_no_table(int minor) => Assert.Null(RuntimeLayout.For(minor));
}
