using GoTop.Engine.Sources.Profiles;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

public sealed class RequestGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task One_at_a_time_in_the_order_of_asking()
    {
        RequestGate gate = new(_time);
        RequestLease first = gate.TryEnter("CPU profile of 2 s", 2)!;
        Assert.Null(gate.TryEnter("trace of 1 s", 1));
        Task<RequestLease> second = gate.EnterAsync("capture: trace", 5, TestContext.Current.CancellationToken).AsTask();
        Task<RequestLease> third = gate.EnterAsync("capture: cpu", 5, TestContext.Current.CancellationToken).AsTask();
        first.Dispose();
        RequestLease entered = await second;
        Assert.Equal("capture: trace", gate.Running?.Title);
        // What keeps panes fresh does not go before who waits.
        Assert.Null(gate.TryEnter("CPU profile of 2 s", 2));
        Assert.False(third.IsCompleted);
        entered.Dispose();
        (await third).Dispose();
        Assert.Null(gate.Running);
        Assert.NotNull(gate.TryEnter("CPU profile of 2 s", 2));
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_keep_the_turn()
    {
        RequestGate gate = new(_time);
        RequestLease first = gate.TryEnter("one", 0)!;
        using CancellationTokenSource cancel = new();
        Task<RequestLease> second = gate.EnterAsync("two", 0, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        Assert.NotNull(gate.TryEnter("three", 0));
    }

    [Fact]
    public void Leaving_twice_lets_one_in()
    {
        RequestGate gate = new(_time);
        RequestLease lease = gate.TryEnter("one", 0)!;
        lease.Dispose();
        using RequestLease? next = gate.TryEnter("two", 0);
        lease.Dispose();
        Assert.Null(gate.TryEnter("three", 0));
    }

    [Fact]
    public void Progress_counts_seconds_and_bytes()
    {
        using RequestLease lease = new RequestGate(_time).TryEnter("trace", 5)!;
        _time.Advance(TimeSpan.FromSeconds(1.5));
        lease.Progress.Bytes = 1000;
        Assert.Equal((1.5, 5, 1000), (lease.Progress.Seconds, lease.Progress.PlannedSeconds, lease.Progress.Bytes));
    }
}
