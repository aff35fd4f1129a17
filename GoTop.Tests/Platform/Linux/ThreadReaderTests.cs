using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Windows;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

/// <summary>Threads from made-up trees.</summary>
public sealed class ThreadReaderTests : IDisposable
{
    private static readonly ProcessKey Orders = new(42, 5000);

    private readonly ProcTree _tree = new();

    public void Dispose() => _tree.Dispose();

    private ProcTree WithThread(int id, char state, string schedstat, string status) => _tree
        .With($"/proc/42/task/{id}/stat", $"{id} (wor) ker) {state} 1 1 1 0 -1 0 10 0 3 0 70 30 0 0 20 0 2 0 5000 1000 25 1 1 1 1 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0\n")
        .With($"/proc/42/task/{id}/schedstat", schedstat)
        .With($"/proc/42/task/{id}/status", status);

    [Fact]
    public void A_thread_has_its_times_state_switches_and_cores()
    {
        _tree.WithProcess(42, threads: 2);
        WithThread(42, 'S', "1000 200 3\n", "NSpid:\t42\nCpus_allowed_list:\t0-1\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n");
        WithThread(43, 'R', "9000 800 7\n", "NSpid:\t43\t9\nCpus_allowed_list:\t1\nvoluntary_ctxt_switches:\t50\nnonvoluntary_ctxt_switches:\t60\n");
        ProcessReading read = _tree.Platform.ReadProcessAndThreads(Orders);

        ThreadTable table = read.Threads.Value;
        Assert.Equal([42, 43], table.Threads.Select(thread => thread.Id));
        Assert.Equal(
            new ThreadCounters
            {
                Id = 43,
                OwnId = 9,
                Name = "wor) ker",
                State = ThreadRunState.Runnable,
                OnCpuNanoseconds = 9000,
                UserNanoseconds = 700_000_000,
                SystemNanoseconds = 300_000_000,
                RunQueueDelayNanoseconds = 800,
                ContextSwitches = 110,
                VoluntarySwitches = 50,
                InvoluntarySwitches = 60,
                LastCore = 3,
                AllowedCores = CoreSet.Of([1]),
            },
            table.Threads[1]);
        Assert.Equal(ThreadRunState.Sleeping, table.Threads[0].State);
        Assert.Equal(1000, read.Counters.Value.RunQueueDelayNanoseconds.Value);
        Assert.Equal(55, read.Counters.Value.VoluntarySwitches.Value);
    }

    [Fact]
    public void Without_schedstat_the_ticks_tell_time_on_a_core_and_the_delay_has_its_reason()
    {
        _tree.WithProcess(42);
        WithThread(42, 'D', "", "voluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n");
        ThreadTable table = _tree.Platform.ReadProcessAndThreads(Orders).Threads.Value;
        Assert.Equal((1_000_000_000L, (long?)null, 42, ThreadRunState.Uninterruptible), (table.Threads[0].OnCpuNanoseconds, table.Threads[0].RunQueueDelayNanoseconds, table.Threads[0].OwnId, table.Threads[0].State));
        Assert.Contains("CONFIG_SCHED_INFO", table.Missing.RunQueueDelay, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_has_ended_has_no_threads() =>
        Assert.Equal("process 42 has ended", _tree.Platform.ReadProcessAndThreads(Orders).Threads.Reason);

    [Fact]
    public void On_Windows_a_thread_has_its_state_and_what_it_waits_for()
    {
        ThreadTable table = ThreadTableBuilder.Build([new SystemThread(8, 300, 200, 17, 5, 15), new SystemThread(4, 1, 2, 3, 2, 15)], wine: false);
        Assert.Equal((4, ThreadRunState.Running, null), (table.Threads[0].Id, table.Threads[0].State, table.Threads[0].WaitReason));
        Assert.Equal((ThreadRunState.Sleeping, "WrQueue", 500L, 17L), (table.Threads[1].State, table.Threads[1].WaitReason, table.Threads[1].OnCpuNanoseconds, table.Threads[1].ContextSwitches));
        Assert.Contains("kernel events", table.Missing.RunQueueDelay, StringComparison.Ordinal);
        Assert.Equal(ThreadRunState.Unknown, ThreadTableBuilder.Build([new SystemThread(4, 1, 2, 3, 0, 0)], wine: true).Threads[0].State);
    }
}
