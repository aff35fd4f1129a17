using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Xunit;

namespace GoTop.Tests.Control.Affinity;

public sealed class ThreadPinnerTests
{
    private static readonly CoreSet All = CoreSet.Parse("0-7");
    private static readonly CoreSet Two = CoreSet.Parse("2-3");

    [Fact]
    public void Threads_that_are_made_meanwhile_are_pinned_too()
    {
        // Three more threads turn up, one at each reading, made by threads that were not yet pinned.
        FakeScheduling scheduling = new(threads: 2) { Late = 3 };
        ImmutableArray<ThreadScheduling> after = Pin(scheduling);
        Assert.Equal(5, after.Length);
        Assert.All(after, thread => Assert.Equal(Two, thread.Cores));
    }

    [Fact]
    public void What_reads_back_differently_is_no_success_whatever_the_call_returned()
    {
        FakeScheduling scheduling = new(threads: 2) { Cpuset = CoreSet.Parse("3") };
        Assert.Contains("told to run on 2-3 and reads 3", Assert.Throws<ControlException>(() => Pin(scheduling)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_mask_that_changes_nothing_leaves_the_threads_to_do()
    {
        FakeScheduling scheduling = new(threads: 3) { ProcessMaskLies = true };
        Assert.All(Pin(scheduling), thread => Assert.Equal(Two, thread.Cores));
    }

    [Fact]
    public void A_refusal_says_that_rights_would_help()
    {
        FakeScheduling scheduling = new(threads: 1) { Denied = "needs root" };
        Assert.True(Assert.Throws<ControlException>(() => Pin(scheduling)).IsDenied);
    }

    [Fact]
    public void A_thread_maker_without_end_is_given_up()
    {
        FakeScheduling scheduling = new(threads: 1) { Late = int.MaxValue };
        Assert.Contains("faster than they are pinned", Assert.Throws<ControlException>(() => Pin(scheduling)).Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<ThreadScheduling> Pin(FakeScheduling scheduling) =>
        new ThreadPinner(scheduling, new ProcessKey(1, 1)).Pin(Two, _ => Two, TestContext.Current.CancellationToken);

    private sealed class FakeScheduling(int threads) : IProcessScheduling
    {
        private readonly List<ThreadScheduling> _threads = [.. Enumerable.Range(1, threads).Select(id => new ThreadScheduling(id, All, 0))];

        public int Late { get; set; }

        public CoreSet? Cpuset { get; init; }

        public bool ProcessMaskLies { get; init; }

        public string? Denied { get; init; }

        public Reading<ImmutableArray<ThreadScheduling>> ReadThreads(ProcessKey process)
        {
            ImmutableArray<ThreadScheduling> now = [.. _threads];
            if (Late-- > 0) _threads.Add(new ThreadScheduling(_threads.Count + 1, All, 0));
            return Reading.Of(now);
        }

        public Reading<bool> TrySetProcessCores(ProcessKey process, CoreSet cores) => Reading.Of(ProcessMaskLies);

        public Reading<bool> SetThreadCores(ProcessKey process, int thread, CoreSet cores)
        {
            if (Denied is { } denied) return Reading.Denied<bool>(denied);
            _threads[thread - 1] = _threads[thread - 1] with { Cores = Cpuset ?? cores };
            return Reading.Of(true);
        }

        public Reading<ProcessPriority> ReadPriority(ProcessKey process) => throw new NotSupportedException();

        public Reading<bool> SetPriority(ProcessKey process, ProcessPriority wanted) => throw new NotSupportedException();
    }
}
