using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new(Samples.Start);

    [Fact]
    public async Task Each_tick_publishes_an_observation()
    {
        FakeSource source = new("a");
        await using Sampler sampler = Start(source);
        await NextAsync(sampler, () => { });
        Observation second = await NextAsync(sampler, () => _time.Advance(Second));
        Assert.Equal(2, second.Tick);
        Assert.Equal(2, source.Reads);
        Assert.Equal(SourceState.Ok, Assert.Single(second.Now.Sources).State);
    }

    [Fact]
    public async Task A_late_source_shows_as_stale_and_holds_up_nobody()
    {
        FakeSource quick = new("quick"), slow = new("slow") { Facts = new SampleFacts { Process = Reading.Of(Samples.Process(1)) } };
        await using Sampler sampler = Start(quick, slow);
        await NextAsync(sampler, () => { });
        slow.Gate = new TaskCompletionSource();
        Task<Observation> stale = UntilAsync(sampler, o => o.Now.Sources[1].State == SourceState.Stale && o.Now.Sources[0].State == SourceState.Ok);
        _time.Advance(Second);
        await slow.Started(2);
        Observation late = await AdvanceUntil(stale, TimeSpan.FromMilliseconds(500));
        Assert.Equal(ReadingState.Stale, late.Now.Facts.Process.State);

        Task<Observation> landed = UntilAsync(sampler, o => o.Now.Sources[1].State == SourceState.Ok);
        slow.Gate.SetResult();
        Assert.Equal(ReadingState.Present, (await landed).Now.Facts.Process.State);
        Assert.Equal(1, slow.MostAtOnce);
    }

    [Fact]
    public async Task A_source_that_throws_fails_alone_with_its_message()
    {
        FakeSource broken = new("broken") { Failure = new InvalidOperationException("torn \u001b[31mpage") }, sound = new("sound");
        await using Sampler sampler = Start(broken, sound);
        Observation first = await NextAsync(sampler, () => { });
        Assert.Equal(SourceState.Failed, first.Now.Sources[0].State);
        Assert.DoesNotContain('\u001b', first.Now.Sources[0].Reason!);
        Assert.Equal(SourceState.Ok, first.Now.Sources[1].State);
    }

    [Fact]
    public async Task An_earlier_source_takes_precedence_fact_by_fact()
    {
        FakeSource memory = new("memory") { Facts = Runtime(new RuntimeCounters { GcCycles = Reading.Of(5L) }) };
        FakeSource pprof = new("pprof") { Facts = Runtime(new RuntimeCounters { GcCycles = Reading.Of(4L), Mallocs = Reading.Of(9L) }) };
        await using Sampler sampler = Start(memory, pprof);
        Observation first = await NextAsync(sampler, () => { });
        Assert.Equal(5, first.Now.Go.Counters.GcCycles.Value);
        Assert.Equal(9, first.Now.Go.Counters.Mallocs.Value);
    }

    [Fact]
    public async Task A_change_of_interest_reads_the_sources_that_follow_it_at_once()
    {
        FakeSource follower = new("follower") { Follows = true }, other = new("other");
        await using Sampler sampler = Start(follower, other);
        await NextAsync(sampler, () => { });
        await NextAsync(sampler, () => sampler.Interest = new Interest { AllStacks = true });
        Assert.Equal(2, follower.Reads);
        Assert.True(follower.LastInterest!.AllStacks);
        Assert.Equal(1, other.Reads);
    }

    [Fact]
    public async Task Once_the_target_has_ended_the_last_facts_stand_and_reading_stops()
    {
        FakeSource source = new("process") { Facts = new SampleFacts { Process = Reading.Of(Samples.Process(1)) } };
        FakeSource memory = new("memory") { Facts = Runtime(new RuntimeCounters { GcCycles = Reading.Of(5L) }) };
        await using Sampler sampler = Start(source, memory);
        await NextAsync(sampler, () => { });
        source.Ended = true;
        memory.Failure = new InvalidOperationException("no such process");
        Observation last = await NextAsync(sampler, () => _time.Advance(Second));
        Assert.Equal("exited", last.Now.TargetEnded);
        Assert.Equal("target-ended", last.Findings[0].Rule);
        Assert.Equal((ReadingState.Stale, 5), (last.Now.Go.Counters.GcCycles.State, last.Now.Go.Counters.GcCycles.Value));
        Assert.Equal(ReadingState.Stale, last.Now.Facts.Process.State);
        Assert.Equal(Samples.Process(1).ResidentBytes, last.Now.Process.ResidentBytes.Value);
        Assert.All(last.Now.Sources, status => Assert.Equal(SourceState.Failed, status.State));
    }

    /// <summary>On a machine in trouble a reading takes long, and then the next one comes late: nobody may hear of a crash as late as that.</summary>
    [Fact]
    public async Task That_the_target_has_ended_is_seen_at_the_next_tick_whatever_its_readings_are_at()
    {
        FakeSource stuck = new("process") { Gate = new TaskCompletionSource() };
        await using Sampler sampler = Start(stuck);
        await AdvanceUntil(UntilAsync(sampler, _ => true), TimeSpan.FromMilliseconds(500));
        stuck.End = "process 7 has ended";
        Observation last = await NextAsync(sampler, () => _time.Advance(Second));
        Assert.Equal("process 7 has ended", last.Now.TargetEnded);
        stuck.Gate.SetResult();
    }

    [Fact]
    public async Task A_tick_that_fails_does_not_end_the_ticks_after_it()
    {
        FakeSource source = new("a");
        int samples = 0;
        await using Sampler sampler = new(Samples.Target, [source], Second, _time, NullLogger.Instance, _ =>
        {
            if (++samples == 2) throw new InvalidOperationException("no room");
        });
        await NextAsync(sampler, () => { });
        Task<Observation> third = UntilAsync(sampler, o => o.Tick == 2);
        Observation after = await AdvanceUntil(third, Second);
        Assert.Equal(2, after.Tick);
        Assert.True(samples >= 3);
    }

    [Fact]
    public async Task A_source_that_never_answers_is_waited_for_in_one_tick_only()
    {
        FakeSource quick = new("quick"), stuck = new("stuck") { Gate = new TaskCompletionSource() };
        await using Sampler sampler = Start(quick, stuck);
        Observation first = await AdvanceUntil(UntilAsync(sampler, o => o.Now.Sources[0].State == SourceState.Ok), TimeSpan.FromMilliseconds(500));
        // No time passes within this tick: a patience that was armed for the stuck one would never run out.
        Task<Observation> second = UntilAsync(sampler, o => o.Tick > first.Tick && o.Now.Sources[0].State == SourceState.Ok);
        _time.Advance(Second);
        Assert.NotEqual(SourceState.Ok, (await second).Now.Sources[1].State);
        stuck.Gate.SetResult();
    }

    private static SampleFacts Runtime(RuntimeCounters counters) => new() { Runtime = counters };

    private Sampler Start(params ISource[] sources) => new(Samples.Target, sources, Second, _time, NullLogger.Instance);

    private static Task<Observation> NextAsync(Sampler sampler, Action provoke)
    {
        Task<Observation> next = UntilAsync(sampler, _ => true);
        provoke();
        return next;
    }

    private static Task<Observation> UntilAsync(Sampler sampler, Predicate<Observation> wanted)
    {
        TaskCompletionSource<Observation> published = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sampler.Published += Check;
        sampler.Start();
        return published.Task.WaitAsync(TestContext.Current.CancellationToken);

        void Check()
        {
            if (!wanted(sampler.Latest!)) return;
            sampler.Published -= Check;
            published.TrySetResult(sampler.Latest!);
        }
    }

    /// <summary>The sampler arms its patience some time after the tick; advancing until then is no race and no wait.</summary>
    private async Task<Observation> AdvanceUntil(Task<Observation> task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(step);
            await Task.Yield();
        }

        return await task;
    }

    private sealed class FakeSource(string name) : ISource
    {
        private readonly List<TaskCompletionSource> _started = [.. Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

        private int _atOnce;

        public string Name => name;

        public TimeSpan Period => TimeSpan.Zero;

        public string CostToTarget => "none";

        public bool Follows { get; init; }

        public bool FollowsInterest => Follows;

        public SampleFacts Facts { get; init; } = SampleFacts.None;

        public Exception? Failure { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public bool Ended { get; set; }

        public string? End { get; set; }

        public int Reads { get; private set; }

        public int MostAtOnce { get; private set; }

        public Interest? LastInterest { get; private set; }

        public Task Started(int reading) => _started[reading].Task;

        public string? WhetherTargetEnded() => End;

        public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
        {
            Reads++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            LastInterest = interest;
            if (Reads < _started.Count) _started[Reads].TrySetResult();
            if (Gate is { } gate) await gate.Task;
            Interlocked.Decrement(ref _atOnce);
            if (Failure is { } failure) throw failure;
            return Ended ? SourceResult.Not(SourceState.Failed, "exited") with { TargetEnded = true } : SourceResult.Ok(Facts);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
