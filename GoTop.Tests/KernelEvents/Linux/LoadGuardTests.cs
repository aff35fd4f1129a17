using GoTop.Engine.KernelEvents.Linux;
using Xunit;

namespace GoTop.Tests.KernelEvents.Linux;

/// <summary>When a collection must ask for less.</summary>
public sealed class LoadGuardTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Events_that_are_lost_for_three_seconds_are_too_many()
    {
        LoadGuard guard = new(cpus: 2);
        Assert.Null(guard.Next(Second, 100, 5));
        Assert.Null(guard.Next(2 * Second, 100, 5));
        Assert.Null(guard.Next(3 * Second, 100, 5));
        Assert.Contains("5 events were lost", guard.Next(4 * Second, 100, 5), StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_second_between_is_forgiven()
    {
        LoadGuard guard = new(cpus: 2);
        for (int second = 1; second < 30; second++) Assert.Null(guard.Next(second * Second, 100, second % 3 == 0 ? 0 : 5));
    }

    [Fact]
    public void So_many_that_a_tenth_of_the_machine_would_go_into_them_are_too_many()
    {
        LoadGuard guard = new(cpus: 2);
        string? why = null;
        for (int second = 1; second <= 5 && why is null; second++) why = guard.Next(second * Second, 200_000, 0);
        Assert.Contains("20 % of its CPU", why, StringComparison.Ordinal);
        Assert.Contains("8 % of its CPU", Endured(new LoadGuard(cpus: 2, secondsForEvent: 2e-6, largestShare: 0.05), 80_000), StringComparison.Ordinal);
        guard = new(cpus: 16);
        for (int second = 1; second <= 5; second++) Assert.Null(guard.Next(second * Second, 200_000, 0));
    }

    private static string? Endured(LoadGuard guard, long events)
    {
        string? why = null;
        for (int second = 1; second <= 5 && why is null; second++) why = guard.Next(second * Second, events, 0);
        return why;
    }
}
