using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class SnapshotBuilderTests
{
    [Fact]
    public void The_first_sample_has_gauges_but_no_rates()
    {
        Snapshot first = SnapshotBuilder.Build(null, null, Samples.At(0, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }));
        Assert.Equal(1 << 20, first.Process.ResidentBytes.Value);
        Assert.Equal(ReadingState.NotYet, first.Process.CpuPercent.State);
    }

    [Fact]
    public void Cpu_time_becomes_per_cent_of_a_core()
    {
        Snapshot second = Fold(
            Samples.At(0, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }),
            Samples.At(2, new SampleFacts { Process = Reading.Of(Samples.Process(4)) }));
        Assert.Equal(150, second.Process.CpuPercent.Value, 6);
    }

    [Fact]
    public void Of_a_target_known_by_its_url_alone_nothing_local_is_promised()
    {
        SampleFacts counted = new() { Runtime = new RuntimeCounters { Goroutines = Reading.Of(7L) } };
        Snapshot remote = SnapshotBuilder.Build(null, null, Samples.At(0, counted) with { Target = new TargetIdentity { Name = "elsewhere:6060" } });
        Assert.Equal(ReadingState.NotSupported, remote.Process.CpuPercent.State);
        Assert.Equal(ReadingState.NotSupported, remote.Host.CpuPercent.State);
        Assert.Equal(ReadingState.NotSupported, remote.Groups.State);
        Assert.Equal(7, remote.Go.Counters.Goroutines.Value);
        Assert.Equal(ReadingState.NotYet, SnapshotBuilder.Build(null, null, Samples.At(0, counted)).Groups.State);
    }

    [Fact]
    public void A_fact_that_was_not_read_again_keeps_its_rate()
    {
        SampleFacts read = new SampleFacts { Process = Reading.Of(Samples.Process(4)) }.ReadAt(Samples.Nanoseconds(2));
        Snapshot third = Fold(
            Samples.At(0, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }),
            Samples.At(2, read),
            Samples.At(3, read));
        Assert.Equal(150, third.Process.CpuPercent.Value, 6);
    }

    [Fact]
    public void A_counter_that_ran_backwards_gives_no_rate()
    {
        Snapshot second = Fold(
            Samples.At(0, new SampleFacts { Process = Reading.Of(Samples.Process(4)) }),
            Samples.At(2, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }));
        Assert.False(second.Process.CpuPercent.HasValue);
    }

    [Fact]
    public void An_absent_fact_hands_its_reason_to_every_figure()
    {
        Snapshot snapshot = SnapshotBuilder.Build(null, null, Samples.At(0, new SampleFacts { Process = Reading.Denied<ProcessCounters>("not yours") }));
        Assert.Equal(ReadingState.Denied, snapshot.Process.CpuPercent.State);
        Assert.Equal("not yours", snapshot.Process.ResidentBytes.Reason);
    }

    [Fact]
    public void A_stale_fact_is_shown_as_stale()
    {
        Sample late = Samples.At(2, new SampleFacts { Process = Reading.Of(Samples.Process(1)) }.AsStale("late"));
        Assert.Equal(ReadingState.Stale, SnapshotBuilder.Build(null, null, late).Process.ResidentBytes.State);
    }

    [Fact]
    public void Core_times_become_shares()
    {
        static HostCounters Host(long user, long idle) => new()
        {
            Topology = new HostTopology([new LogicalCore(0, 0, 0, 0, 0)]),
            Cores = [new CoreTimes(0, user, 0, idle, 0, 0, 0)],
            MemoryTotalBytes = 10,
            MemoryAvailableBytes = 5,
        };
        Snapshot second = Fold(
            Samples.At(0, new SampleFacts { Host = Reading.Of(Host(0, 0)) }),
            Samples.At(1, new SampleFacts { Host = Reading.Of(Host(250, 750)) }));
        Assert.Equal(25, Assert.Single(second.Host.Cores.Value).BusyPercent, 6);
    }

    [Fact]
    public void Goroutines_are_grouped_with_their_change_and_oldest_age()
    {
        Snapshot second = Fold(
            Samples.At(0, new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(0, ("main.leak", "chan send", 10, 0))) }),
            Samples.At(2, new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(2, ("main.leak", "chan send", 30, 7), ("main.idle", "select", 1, 0))) }));
        GoroutineGroup leak = second.Groups.Value[0];
        Assert.Equal("main.leak", leak.Key.StartFunction);
        Assert.Equal("main.main", leak.Key.CreatedBy.Function);
        Assert.Equal(30, leak.Count);
        Assert.Equal(10, leak.ChangePerSecond.Value, 6);
        Assert.Equal(7, leak.OldestSeconds.Value, 3);
        Assert.False(second.Groups.Value[1].OldestSeconds.HasValue);
    }

    [Fact]
    public void A_group_counts_the_labels_of_its_goroutines()
    {
        Snapshot snapshot = SnapshotBuilder.Build(null, null, Samples.At(0, new SampleFacts { Goroutines = Reading.Of(GoroutineTables.Leak(30, 1_000_000_000_000_000)) }));
        GoroutineGroup leaked = snapshot.Groups.Value.Single(group => group.Key.WaitReason == "chan send");
        Assert.Equal([("endpoint", "POST /orders", 30), ("tenant", "acme", 20), ("tenant", "globex", 10)], leaked.Labels.Select(l => (l.Label.Key, l.Label.Value, l.Count)));
        Assert.Empty(snapshot.Groups.Value.Single(group => group.Key.WaitReason == "IO wait").Labels);
    }

    [Fact]
    public void Gc_cpu_is_shared_by_gomaxprocs()
    {
        static SampleFacts Facts(double gcSeconds) => new()
        {
            Runtime = new RuntimeCounters { GcCpuNanoseconds = Reading.Of((long)(gcSeconds * 1e9)), Gomaxprocs = Reading.Of(4) },
        };
        Assert.Equal(25, Fold(Samples.At(0, Facts(1)), Samples.At(1, Facts(2))).Go.GcCpuPercent.Value, 6);
    }

    [Fact]
    public void Goroutines_that_are_counted_more_often_than_the_rest_change_on_their_own_clock()
    {
        // MemStats of a busy service are read every 10 s, the index every second.
        static SampleFacts Facts(double memStatsAt, double indexAt, long goroutines) => new()
        {
            Runtime = new RuntimeCounters
            {
                ReadAtNanoseconds = Samples.Nanoseconds(memStatsAt),
                GoroutinesReadAtNanoseconds = Samples.Nanoseconds(indexAt),
                TotalAllocBytes = Reading.Of((long)(memStatsAt * 1000)),
                Goroutines = Reading.Of(goroutines),
            },
        };
        Sample[] samples = [Samples.At(8, Facts(0, 8, 100)), Samples.At(9, Facts(0, 9, 150)), Samples.At(10, Facts(10, 10, 120))];
        Assert.Equal(50, Fold(samples[..2]).Go.GoroutinesChangePerSecond.Value, 6);
        GoFigures last = Fold(samples).Go;
        Assert.Equal(-30, last.GoroutinesChangePerSecond.Value, 6);
        Assert.Equal(1000, last.AllocBytesPerSecond.Value, 6);
    }

    [Fact]
    public void Pauses_of_new_cycles_only_are_taken_from_the_ring()
    {
        static SampleFacts Facts(long cycles, params long[] pauses) => new()
        {
            Runtime = new RuntimeCounters { GcCycles = Reading.Of(cycles), RecentPausesNanoseconds = Reading.Of(System.Collections.Immutable.ImmutableArray.Create(pauses)) },
        };
        Snapshot second = Fold(Samples.At(0, Facts(2, 10, 20)), Samples.At(1, Facts(4, 10, 20, 30, 40)));
        Assert.Equal([30L, 40L], second.Go.NewPausesNanoseconds.Value);
    }

    private static Snapshot Fold(params Sample[] samples)
    {
        Snapshot? snapshot = null;
        for (int i = 0; i < samples.Length; i++)
            snapshot = SnapshotBuilder.Build(i == 0 ? null : samples[i - 1], snapshot, samples[i]);
        return snapshot!;
    }
}
