using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Analysis.Kernel;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

/// <summary>Threads' rates, and what the runtime and the kernel tell of each.</summary>
public sealed class ThreadDerivationTests
{
    private static ThreadCounters Thread(int id, long onCpuMilliseconds, long? delayMilliseconds, long switches, int? ownId = null) => new()
    {
        Id = id,
        OwnId = ownId ?? id,
        Name = "svc",
        State = ThreadRunState.Sleeping,
        OnCpuNanoseconds = onCpuMilliseconds * 1_000_000,
        UserNanoseconds = onCpuMilliseconds * 1_000_000,
        SystemNanoseconds = 0,
        RunQueueDelayNanoseconds = delayMilliseconds * 1_000_000,
        ContextSwitches = switches,
        LastCore = 1,
    };

    private static Sample At(double seconds, SampleFacts facts, params ThreadCounters[] threads) => Samples.At(seconds, facts with
    {
        Threads = Reading.Of(new ThreadTable
        {
            Threads = [.. threads],
            Missing = new MissingThreadFacts { SwitchKinds = "not told here", AllowedCores = "nor these" },
        }),
    });

    private static ImmutableArray<ThreadFigures> Derive(Sample first, Sample second) =>
        SnapshotBuilder.Build(first, SnapshotBuilder.Build(null, null, first), second).Threads.Value;

    [Fact]
    public void Rates_are_over_the_time_between_two_readings()
    {
        ThreadFigures thread = Derive(At(0, SampleFacts.None, Thread(7, 100, 10, 5)), At(2, SampleFacts.None, Thread(7, 1100, 210, 25)))[0];
        Assert.Equal((50.0, 10.0, 10.0), (thread.CpuPercent.Value, thread.RunQueueDelayPercent.Value, thread.ContextSwitchesPerSecond.Value));
        Assert.Equal("not told here", thread.VoluntarySwitchesPerSecond.Reason);
        Assert.Equal("nor these", thread.AllowedCores.Reason);
        Assert.False(thread.IsNew);
    }

    [Fact]
    public void A_new_thread_has_no_rates_yet()
    {
        ThreadFigures thread = Derive(At(0, SampleFacts.None), At(1, SampleFacts.None, Thread(8, 100, 10, 5)))[0];
        Assert.True(thread.IsNew);
        Assert.Equal(ReadingState.NotYet, thread.CpuPercent.State);
        Assert.Equal(1, thread.LastCore.Value);
    }

    [Fact]
    public void The_runtime_s_threads_are_joined_by_the_number_that_the_target_knows()
    {
        SampleFacts facts = new() { GoThreads = Reading.Of(new GoThreadTable { Threads = [new GoThread(3, 12, 44, 1, null, false, false)], Torn = 0 }) };
        ImmutableArray<ThreadFigures> threads = Derive(At(0, facts), At(1, facts, Thread(2012, 0, 0, 0, ownId: 12), Thread(2013, 0, 0, 0, ownId: 13)));
        Assert.Equal((3L, 44L), (threads[0].Go.Value.Id, threads[0].Go.Value.Goroutine));
        Assert.Equal("it is not a thread of the Go runtime", threads[1].Go.Reason);
    }

    [Fact]
    public void What_the_kernel_saw_stands_beside_each_thread_and_as_rates_of_all()
    {
        SampleFacts facts = new() { Kernel = Reading.Of(new KernelEventStream().Switch(0, 0, 0, 101).Switch(250, 0, 101, 7).Ready(300, 101).Switch(500, 0, 7, 101).Take(1000)) };
        Sample sample = At(0, facts, Thread(101, 0, 0, 0), Thread(102, 0, 0, 0));
        Snapshot snapshot = SnapshotBuilder.Build(null, null, sample);
        Assert.Equal(750_000, snapshot.Threads.Value[0].Kernel.Value.OnCpuNanoseconds);
        Assert.False(snapshot.Threads.Value[1].Kernel.HasValue);
        KernelFigures kernel = snapshot.Kernel.Value;
        Assert.Equal((75.0, 20.0, 1000.0), (kernel.OnCpuPercent.Value, kernel.ReadyPercent.Value, kernel.VoluntarySwitchesPerSecond.Value));
        Assert.Equal((75.0, 25.0, 0.0), (kernel.Cores[0].TargetPercent, kernel.Cores[0].OthersPercent, kernel.Cores[0].UnknownPercent));
        Assert.False(kernel.IsPartial);
    }
}
