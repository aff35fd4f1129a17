using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;

namespace GoTop.Tests.Alerts;

/// <summary>A service whose figures a test sets, looked at by rules at times that it sets too.</summary>
internal sealed class Watching(TimeZoneInfo zone, params AlertRule[] rules)
{
    public Watching(params AlertRule[] rules)
        : this(TimeZoneInfo.Utc, rules)
    {
    }

    public static readonly AlertTarget Target = new("order-api", ImmutableSortedDictionary<string, string>.Empty.Add("stage", "production"));

    private readonly AlertEngine _engine = new([.. rules], zone);

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public Reading<long> Goroutines { get; set; } = Reading.Of(100L);

    public Reading<long> HeapLive { get; set; } = Reading.Of(100L << 20);

    public Reading<long> MemoryLimit { get; set; } = Reading.Of(1L << 30);

    public Reading<double> Requests { get; set; } = Reading.NotSupported<double>("serves no metrics");

    public ProcessKey Process { get; set; } = new(42, 1);

    public string Version { get; set; } = "v1.0.0";

    public ImmutableArray<RuleStatus> All => _engine.Status;

    public RuleStatus Status => _engine.Status.Single();

    /// <summary>Time passes in steps; each is looked at.</summary>
    /// <returns>What changed.</returns>
    public List<AlertChange> Pass(TimeSpan time, TimeSpan? step = null, Action<Watching>? before = null)
    {
        List<AlertChange> changes = [];
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step ?? TimeSpan.FromSeconds(1))
        {
            Now += step ?? TimeSpan.FromSeconds(1);
            before?.Invoke(this);
            changes.AddRange(_engine.Look(Target, AlertMoment.Of(Observe())));
        }

        return changes;
    }

    /// <summary>Time passes while the target is not there.</summary>
    public List<AlertChange> PassGone(TimeSpan time, string why, bool onPurpose = false)
    {
        List<AlertChange> changes = [];
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            Now += TimeSpan.FromSeconds(1);
            changes.AddRange(_engine.Look(Target, new AlertMoment { Time = Now, MonotonicNanoseconds = Monotonic, Absence = why, WasStoppedOnPurpose = onPurpose }));
        }

        return changes;
    }

    public Observation Observe()
    {
        Observation observation = Observations.Healthy;
        Snapshot now = observation.Now;
        return observation with
        {
            Findings = [],
            Now = now with
            {
                Time = Now,
                MonotonicNanoseconds = Monotonic,
                Target = now.Target with { Process = Process, Build = now.Target.Build.Select(build => build with { ModuleVersion = Version }) },
                Go = now.Go with { Counters = now.Go.Counters with { Goroutines = Goroutines, HeapLiveBytes = HeapLive, MemoryLimitBytes = MemoryLimit } },
                Service = now.Service with { Http = now.Service.Http with { PerSecond = Requests } },
            },
        };
    }

    private long Monotonic => (Now.UtcTicks % (TimeSpan.TicksPerDay * 365)) * 100;
}
