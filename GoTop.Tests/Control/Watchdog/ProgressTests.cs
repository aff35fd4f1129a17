using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

public sealed class ProgressTests
{
    private static readonly LogCounters Logs = new() { Since = Observations.Start, At = Observations.Start, Lines = 0, ByLevel = [] };

    private readonly FakeTimeProvider _time = new();
    private readonly ProgressMemory _memory = new();
    private WatchdogSettings _settings = new();

    [Fact]
    public void A_lock_that_is_held_while_nothing_runs_is_a_hang_after_half_a_minute()
    {
        Pass(29, Service(schedules: 2, locks: 2, senders: 40));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
        Pass(3, Service(schedules: 2, locks: 2, senders: 40));
        CheckResult hung = Look();
        Assert.Equal(CheckOutcome.Failed, hung.Outcome);
        Assert.Equal("42 goroutines wait for locks or receivers, and nothing has gone on for 31s", hung.Words);
        Pass(1, Service(schedules: 5000, locks: 2, senders: 40));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void An_idle_service_is_none_even_with_leaked_senders()
    {
        Pass(600, Service(schedules: 0, gcEverySeconds: 120));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
        Pass(600, Service(schedules: 2, senders: 1000, gcEverySeconds: 120));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void A_busy_service_that_queues_for_locks_is_none()
    {
        Pass(120, Service(schedules: 5, locks: 200, cpu: 80));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void Goroutines_that_are_ready_and_never_run_are_one()
    {
        Pass(32, Service(schedules: 0, ready: 3, cpu: 100));
        Assert.Equal("goroutines are ready to run, and none was given a time slice for 31s", Look().Words);
        Pass(1, Service(schedules: 0, ready: 0, cpu: 100));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void No_cycle_for_five_minutes_is_one_unless_GC_is_off()
    {
        Pass(305, Service(schedules: 0));
        Assert.Equal("no GC cycle has ended for 5m04s, and Go begins one every 2 minutes", Look().Words);
        _memory.Forget();
        Pass(305, Service(schedules: 0, gcPercent: -1));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void Silence_counts_only_where_it_was_said_how_often_it_writes()
    {
        Pass(120, Service(schedules: 500));
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
        _settings = _settings with { LogEvery = TimeSpan.FromMinutes(1) };
        Assert.Equal("no line of its logs for 1m59s, and it writes one every 1m", Look().Words);
        Pass(1, second => Service(schedules: 500)(second) with { LogLinesSeen = 1 });
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
    }

    [Fact]
    public void What_is_not_read_is_not_judged()
    {
        Assert.Equal((CheckOutcome.Unknown, "nothing has been read yet"), (Look().Outcome, Look().Words));
        Pass(40, Service(schedules: 2, locks: 20));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((CheckOutcome.Unknown, "nothing has been read for 1m00s"), (Look().Outcome, Look().Words));
        Pass(1, second => Service(schedules: 2, locks: 20)(second) is { } seen
            ? seen with { Now = seen.Now with { Go = seen.Now.Go with { SchedulesPerSecond = Reading.Denied<double>("needs root") } } } : null!);
        Assert.Equal((CheckOutcome.Unknown, "needs root"), (Look().Outcome, Look().Words));
    }

    /// <summary>A source that hangs leaves its last figures as stale ones: that they stand still says nothing of the service.</summary>
    [Fact]
    public void Figures_that_are_stale_are_not_judged()
    {
        Func<int, Observation> hangs = Service(schedules: 2, locks: 20, ready: 1);
        Observation Stale(int second)
        {
            Observation seen = hangs(second);
            return seen with
            {
                Now = seen.Now with
                {
                    Facts = seen.Now.Facts with { Logs = seen.Now.Facts.Logs.AsStale("late") },
                    Groups = seen.Now.Groups.AsStale("late"),
                    Go = seen.Now.Go with { RunQueue = seen.Now.Go.RunQueue.AsStale("late"), Counters = seen.Now.Go.Counters.AsStale("late") },
                },
            };
        }

        Pass(10, hangs);
        Pass(600, Stale);
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
        _settings = _settings with { LogEvery = TimeSpan.FromMinutes(1), Progress = false };
        Assert.Equal((CheckOutcome.Unknown, "its logs are not read"), (Look().Outcome, Look().Words));
        _settings = new();
        // Read again, it hangs as before, but not since then.
        Pass(20, hangs);
        Assert.Equal(CheckOutcome.Passed, Look().Outcome);
        Pass(12, hangs);
        Assert.Equal(CheckOutcome.Failed, Look().Outcome);
    }

    private CheckResult Look()
    {
        TargetContext target = new(new TargetIdentity { Name = "shop" }, new FakePlatform(), TargetSettings.Default, _time);
        return new ProgressCheck(_settings, _time).LookAsync(new CheckSubject(target, null, _memory), TestContext.Current.CancellationToken).Result;
    }

    /// <summary>Observed each second; the last time now.</summary>
    private void Pass(int seconds, Func<int, Observation> service)
    {
        for (int second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _memory.Add(service(second), _time.GetElapsedTime(0));
        }
    }

    private static Func<int, Observation> Service(double schedules, int locks = 0, int senders = 0, long ready = 0, double cpu = 0.5, int gcPercent = 100, int gcEverySeconds = int.MaxValue) => second =>
    {
        Observation healthy = Observations.Healthy;
        Snapshot now = healthy.Now;
        GoroutineGroup group = now.Groups.Value[0];
        return healthy with
        {
            LogLines = [],
            Now = now with
            {
                Facts = now.Facts with { Logs = Reading.Of(Logs) },
                Process = now.Process with { CpuPercent = Reading.Of(cpu) },
                Groups = Reading.Of<ImmutableArray<GoroutineGroup>>(
                [
                    group with { Key = group.Key with { WaitReason = "IO wait" }, Count = 50 },
                    .. locks == 0 ? Array.Empty<GoroutineGroup>() : [group with { Key = group.Key with { WaitReason = "sync.Mutex.Lock" }, Count = locks }],
                    .. senders == 0 ? Array.Empty<GoroutineGroup>() : [group with { Key = group.Key with { WaitReason = "chan send" }, Count = senders }],
                ]),
                Go = now.Go with
                {
                    SchedulesPerSecond = Reading.Of(schedules),
                    RunQueue = Reading.Of(ready),
                    Counters = now.Go.Counters with { GcCycles = Reading.Of(10L + (second / gcEverySeconds)), GcPercent = Reading.Of(gcPercent) },
                },
            },
        };
    };
}
