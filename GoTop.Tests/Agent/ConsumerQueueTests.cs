using System.Threading.Channels;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Agent;

public sealed class ConsumerQueueTests
{
    private static readonly AgentTarget Shop = Target("shop");
    private static readonly AgentTarget Orders = Target("orders");

    [Fact]
    public async Task One_that_keeps_up_gets_everything_in_order()
    {
        Recorder consumer = new();
        await using ConsumerQueue queue = new(consumer, TimeProvider.System, NullLogger.Instance);
        queue.Add(Happened(AgentEventKind.Found));
        Assert.Equal("shop Found", await consumer.NextAsync());
        for (int tick = 1; tick <= 3; tick++)
        {
            queue.Add(Shop, Observed(tick));
            Assert.Equal($"shop {tick}", await consumer.NextAsync());
        }

        Assert.Equal(0, queue.State.Missed);
    }

    [Fact]
    public async Task A_slow_one_gets_the_newest_of_each_target_and_every_event()
    {
        Recorder consumer = new() { Held = new TaskCompletionSource() };
        await using ConsumerQueue queue = new(consumer, TimeProvider.System, NullLogger.Instance);
        queue.Add(Shop, Observed(1));
        Assert.Equal("shop 1", await consumer.NextAsync());
        // It is busy with the first; these wait.
        queue.Add(Shop, Observed(2));
        queue.Add(Happened(AgentEventKind.Lost));
        queue.Add(Orders, Observed(2));
        queue.Add(Happened(AgentEventKind.CameBack));
        queue.Add(Shop, Observed(3));
        queue.Add(Shop, Observed(4));
        consumer.Held.SetResult();
        Assert.Equal(["shop Lost", "orders 2", "shop CameBack", "shop 4"], [await consumer.NextAsync(), await consumer.NextAsync(), await consumer.NextAsync(), await consumer.NextAsync()]);
        Assert.Equal(2, queue.State.Missed);
    }

    [Fact]
    public async Task What_waits_is_told_before_it_ends()
    {
        Recorder consumer = new() { Held = new TaskCompletionSource() };
        ConsumerQueue queue = new(consumer, TimeProvider.System, NullLogger.Instance);
        queue.Add(Shop, Observed(1));
        Assert.Equal("shop 1", await consumer.NextAsync());
        queue.Add(Happened(AgentEventKind.Lost));
        ValueTask ending = queue.DisposeAsync();
        consumer.Held.SetResult();
        await ending;
        Assert.Equal("shop Lost", await consumer.NextAsync());
        Assert.True(consumer.IsDisposed);
    }

    [Fact]
    public async Task One_that_hangs_holds_the_end_up_for_its_patience_only()
    {
        AwaitableTime time = new();
        Recorder consumer = new() { Held = new TaskCompletionSource() };
        ConsumerQueue queue = new(consumer, time, NullLogger.Instance);
        queue.Add(Shop, Observed(1));
        Assert.Equal("shop 1", await consumer.NextAsync());
        Task ending = queue.DisposeAsync().AsTask();
        await time.PassAsync(ConsumerQueue.PatienceAtEnd);
        await time.PassAsync(ConsumerQueue.PatienceAtEnd);
        await ending;
        Assert.False(consumer.IsDisposed);
        consumer.Held.SetResult();
    }

    [Fact]
    public async Task What_one_throws_is_shown_and_it_goes_on()
    {
        Recorder consumer = new() { Fails = true };
        await using ConsumerQueue queue = new(consumer, TimeProvider.System, NullLogger.Instance);
        queue.Add(Shop, Observed(1));
        Assert.Equal("shop 1", await consumer.NextAsync());
        consumer.Fails = false;
        queue.Add(Shop, Observed(2));
        Assert.Equal("shop 2", await consumer.NextAsync());
        Assert.Equal("no route to the pager", queue.State.Problem);
    }

    private static AgentTarget Target(string name) =>
        new(name, new TargetContext(new TargetIdentity { Name = name }, new FakePlatform(), TargetSettings.Default, TimeProvider.System));

    private static Observation Observed(long tick) => Observations.Leak with { Tick = tick };

    private static AgentEvent Happened(AgentEventKind kind) => new(kind, DateTimeOffset.UnixEpoch, Shop, "", null);

    private sealed class Recorder : IObservationConsumer
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public string Id => "recorder";

        public TaskCompletionSource? Held { get; init; }

        public bool Fails { get; set; }

        public bool IsDisposed { get; private set; }

        public Task<string> NextAsync() => Until.NextAsync(_told.Reader, "it is told something");

        public Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation) =>
            TellAsync(FormattableString.Invariant($"{target.Name} {observation.Tick}"));

        public Task HappenedAsync(AgentEvent happened, CancellationToken cancellation) => TellAsync($"{happened.Target.Name} {happened.Kind}");

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }

        private async Task TellAsync(string what)
        {
            bool fails = Fails;
            _told.Writer.TryWrite(what);
            if (Held is not null) await Held.Task;
            if (fails) throw new InvalidOperationException("no route to the pager");
        }
    }
}
