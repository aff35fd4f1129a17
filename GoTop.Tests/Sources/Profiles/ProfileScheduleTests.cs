using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Profiles;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

public sealed class ProfileScheduleTests
{
    private readonly ProfileSchedule _schedule = new(new ProfileSettings());

    [Fact]
    public void Nothing_is_due_that_nobody_looks_at() => Assert.Empty(_schedule.Due(Interest.None, Seconds(1000)));

    [Fact]
    public void A_cpu_profile_is_due_every_five_seconds_from_start_to_start()
    {
        Interest cpu = Wants(ProfileKind.Cpu);
        Assert.Equal([ProfileKind.Cpu], _schedule.Due(cpu, Seconds(0)));
        _schedule.Asked(ProfileKind.Cpu, Seconds(0), TimeSpan.FromSeconds(2.1), isSupported: true);
        Assert.Empty(_schedule.Due(cpu, Seconds(4.9)));
        Assert.Equal([ProfileKind.Cpu], _schedule.Due(cpu, Seconds(5)));
    }

    [Fact]
    public void The_most_overdue_comes_first()
    {
        Interest wants = Wants(ProfileKind.Heap, ProfileKind.Mutex, ProfileKind.Block);
        _schedule.Asked(ProfileKind.Heap, Seconds(1), TimeSpan.Zero, isSupported: true);
        _schedule.Asked(ProfileKind.Mutex, Seconds(0), TimeSpan.Zero, isSupported: true);
        Assert.Equal([ProfileKind.Block, ProfileKind.Mutex, ProfileKind.Heap], _schedule.Due(wants, Seconds(20)));
    }

    [Theory]
    [InlineData(ProfileKind.Heap, 2, 10)]
    [InlineData(ProfileKind.Heap, 800, 16)]
    [InlineData(ProfileKind.Heap, 5000, 30)]
    [InlineData(ProfileKind.Cpu, 2000, 5)]
    public void What_takes_long_is_asked_for_less_often(ProfileKind kind, int tookMilliseconds, int everySeconds)
    {
        _schedule.Asked(kind, 0, TimeSpan.FromMilliseconds(tookMilliseconds), isSupported: true);
        Assert.Equal(TimeSpan.FromSeconds(everySeconds), _schedule.PeriodOf(kind, Reading.Of(100L)));
    }

    [Theory]
    [InlineData(20_000, 5)]
    [InlineData(20_001, 30)]
    public void Many_goroutines_are_asked_for_less_often(long goroutines, int everySeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(everySeconds), _schedule.PeriodOf(ProfileKind.Goroutine, Reading.Of(goroutines)));

    [Fact]
    public void A_service_that_does_not_have_it_is_left_alone_for_a_minute()
    {
        _schedule.Asked(ProfileKind.Cpu, 0, TimeSpan.Zero, isSupported: false);
        Assert.Empty(_schedule.Due(Wants(ProfileKind.Cpu), Seconds(59)));
        Assert.NotEmpty(_schedule.Due(Wants(ProfileKind.Cpu), Seconds(60)));
    }

    [Fact]
    public void A_leak_profile_is_due_once_for_each_request_and_never_by_itself()
    {
        Assert.Empty(_schedule.Due(Wants(ProfileKind.GoroutineLeak), 0));
        Interest asked = new() { LeakRequest = 1 };
        Assert.Equal([ProfileKind.GoroutineLeak], _schedule.Due(asked, 0));
        _schedule.LeakAsked(asked);
        Assert.Empty(_schedule.Due(asked, Seconds(100)));
        // The pane was left and is shown again.
        _schedule.LeakAsked(Interest.None);
        Assert.Empty(_schedule.Due(asked, Seconds(200)));
        Assert.Equal([ProfileKind.GoroutineLeak], _schedule.Due(asked with { LeakRequest = 2 }, Seconds(300)));
    }

    private static Interest Wants(params ProfileKind[] kinds) => new() { Profiles = ProfileKindSet.Of(kinds) };

    private static long Seconds(double seconds) => (long)(seconds * 1e9);
}
