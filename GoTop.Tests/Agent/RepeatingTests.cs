using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Tests.Alerts.Delivery;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Agent;

public sealed class RepeatingTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly AwaitableTime _time = new();
    private readonly KeptLog _log = new();
    private int _steps;

    [Fact]
    public async Task Nothing_that_goes_wrong_in_a_step_ends_them_and_what_stays_the_same_is_logged_once()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = Steps(StepAsync).RunAsync(atOnce: false, stop.Token);
        await _time.TimerOfAsync(Interval);
        Assert.Equal(0, Volatile.Read(ref _steps));
        for (int step = 1; step <= 5; step++)
        {
            _time.Advance(Interval);
            await Until.TrueAsync(() => Volatile.Read(ref _steps) == step);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        // The first, the second, and the fifth, since the fourth was sound.
        Assert.Equal(3, _log.All.Split('\n').Count(line => line == "Error: looking failed"));

        Task StepAsync() => Interlocked.Increment(ref _steps) switch
        {
            // Somebody else's, e.g. a request that took too long.
            1 => throw new OperationCanceledException("late"),
            2 or 3 or 5 => throw new InvalidOperationException("damaged"),
            _ => Task.CompletedTask,
        };
    }

    [Fact]
    public async Task The_first_step_waits_for_nothing_if_it_is_to_be_at_once()
    {
        using CancellationTokenSource stop = new();
        Task running = Steps(() => Task.FromResult(++_steps)).RunAsync(atOnce: true, stop.Token);
        Assert.Equal(1, _steps);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Repeating Steps(Func<Task> step)
    {
        FakePlatform platform = new();
        return new Repeating(new AgentServices(platform, new GoProcessFinder(platform, _time), _time, _log, "0.1.0", "", () => GoTopConfig.Default), Interval, "looking failed", step);
    }
}
