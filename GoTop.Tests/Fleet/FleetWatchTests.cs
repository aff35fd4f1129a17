using System.Threading.Channels;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Fleet;

public sealed class FleetWatchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly AwaitableTime _time = new();

    [Fact]
    public async Task Rounds_follow_one_another_and_the_first_two_are_quick_where_rates_need_them()
    {
        FakeSource source = new(twice: true);
        await using FleetWatch watch = new([source], Interval, _time, NullLogger.Instance);
        watch.Start();
        Assert.Equal(TimeSpan.Zero, await source.NextAsync());
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, await source.NextAsync());
        await PassAsync(Interval);
        Assert.Equal(Interval * 0.9, await source.NextAsync());
    }

    [Fact]
    public async Task A_source_that_fails_is_asked_again_and_does_not_end_the_others()
    {
        FakeSource broken = new(twice: false) { Throws = true }, well = new(twice: false);
        await using FleetWatch watch = new([broken, well], Interval, _time, NullLogger.Instance);
        watch.Start();
        await broken.NextAsync();
        await well.NextAsync();
        // Each source has a timer of its own.
        await TimerAsync(Interval);
        await TimerAsync(Interval);
        _time.Advance(Interval);
        await broken.NextAsync();
        await well.NextAsync();
    }

    [Fact]
    public async Task What_is_there_is_shown_while_the_first_round_still_waits_for_others()
    {
        FakeSource slow = new(twice: false) { Holds = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using FleetWatch watch = new([slow], Interval, _time, NullLogger.Instance);
        TaskCompletionSource published = new(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Published += () => published.TrySetResult();
        watch.Start();
        await slow.NextAsync();
        await PassAsync(TimeSpan.FromSeconds(1));
        await published.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single(watch.Latest!.Rows).Row.Name);
        slow.Holds.SetResult();
    }

    [Fact]
    public async Task Reading_once_reads_twice_only_the_first_time_and_only_for_rates()
    {
        FakeSource urls = new(twice: true), engine = new(twice: false);
        await using FleetWatch watch = new([urls, engine], Interval, _time, NullLogger.Instance);
        Task<FleetSnapshot> reading = watch.ReadOnceAsync(first: true, TestContext.Current.CancellationToken);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Rows.Length);
        Assert.Equal((2, 1), (urls.Rounds, engine.Rounds));
        await watch.ReadOnceAsync(first: false, TestContext.Current.CancellationToken);
        Assert.Equal((3, 2), (urls.Rounds, engine.Rounds));
    }

    private Task TimerAsync(TimeSpan length) => _time.TimerOfAsync(length).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    private async Task PassAsync(TimeSpan length)
    {
        await TimerAsync(length);
        _time.Advance(length);
    }

    private sealed class FakeSource(bool twice) : IFleetSource
    {
        private readonly Channel<TimeSpan> _rounds = Channel.CreateUnbounded<TimeSpan>();

        public string Name { get; } = Guid.NewGuid().ToString();

        public bool NeedsTwoRounds => twice;

        public bool Throws { get; init; }

        public TaskCompletionSource? Holds { get; init; }

        public int Rounds { get; private set; }

        public FleetPart Current => new(Name, [FleetRows.Row("a")], SourceState.Ok, null, TimeSpan.Zero);

        /// <summary>The spread of the next round that begins.</summary>
        public Task<TimeSpan> NextAsync() => Until.NextAsync(_rounds.Reader, "it is asked again");

        public async ValueTask ReadAsync(TimeSpan spread, CancellationToken cancellation)
        {
            Rounds++;
            _rounds.Writer.TryWrite(spread);
            if (Throws) throw new InvalidOperationException("a slip");
            if (Holds is { } held) await held.Task;
        }

        public ValueTask<Reading<FleetHistory>> HistoryAsync(FleetRow row, CancellationToken cancellation) => ValueTask.FromResult(Reading.Failed<FleetHistory>("none"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
