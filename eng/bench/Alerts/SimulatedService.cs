using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Bench.Alerts;

/// <summary>
/// A Go service on a clock that a simulation sets. Its figures follow from its load as they do in real ones: CPU and allocation by
/// requests, goroutines by requests and how long they take, a cache that fills after each start, the teeth of GC, resident memory that
/// is given back slowly, a job each night, deployments on working days. Each day a dependency is slow for three minutes, and a report
/// takes all cores for twenty seconds: nobody wants to be told of either.
/// </summary>
internal sealed class SimulatedService
{
    /// <summary>What the job each night takes.</summary>
    public const double JobCores = 1.5, JobMebiBytes = 200;

    private const double MebiByte = 1 << 20;
    private const double CacheMinutes = 20, GiveBackMinutes = 30;
    private const double DeployChance = 0.5, RestartChance = 0.12;
    private static readonly TimeSpan JobBegins = TimeSpan.FromHours(2), JobEnds = TimeSpan.FromHours(2.67);
    private static readonly GroupKey Handlers = new(new CodeLocation("net/http.(*Server).Serve", "net/http/server.go", 3454), "net/http.(*conn).serve", GoroutineState.Waiting, "IO wait");
    private static readonly GroupKey Leaked = new(new CodeLocation("main.(*Notifier).Send", "main.go", 71), "main.(*Notifier).send.func1", GoroutineState.Waiting, "chan send");

    private static readonly TimeSpan SlowTime = TimeSpan.FromMinutes(3), BurstTime = TimeSpan.FromSeconds(20);

    private readonly Random _random;
    private readonly LoadShape _load;
    private readonly Observation _nothing;
    private readonly Fault? _fault;
    private readonly DateTimeOffset _faultAt;
    private History _history = new();
    private DateOnly _day;
    private DateTimeOffset? _lifeEndsAt;
    private DateTimeOffset _slowAt;
    private DateTimeOffset _burstAt;
    private bool _isDeployment;
    private int _life = 1;
    private int _version = 1;
    private double _cacheBytes;
    private double _residentHeapBytes = 300 * MebiByte;
    private bool _hasFault;
    private IReadOnlyList<(GroupKey Key, int Count)> _groupsBefore = [];

    /// <param name="fault">From its time on the given day; null for a service that is well.</param>
    public SimulatedService(int seed, Fault? fault = null, DateOnly faultDay = default)
    {
        _random = new Random(seed);
        _load = new LoadShape(_random);
        _fault = fault;
        _faultAt = fault is null ? DateTimeOffset.MaxValue : new DateTimeOffset(faultDay, TimeOnly.FromTimeSpan(fault.Begins), TimeSpan.Zero);
        _nothing = new Derivation().Next(
            new Sample { Time = default, MonotonicNanoseconds = 1, Target = new TargetIdentity { Name = "order-api", Process = new ProcessKey(100, 1) }, Facts = SampleFacts.None, Sources = [] }, tickMilliseconds: 0);
    }

    /// <summary>Asked for in ascending order.</summary>
    public Observation At(DateTimeOffset now, TimeSpan step)
    {
        PlanDay(now);
        EndLife(now);
        ServiceState state = new();
        if (_fault is not null && now >= _faultAt)
        {
            if (!_hasFault && _fault.IsDeployed) Begin(deployed: true);
            _hasFault = true;
            _fault.Change(state, now - _faultAt);
        }

        double requests = _load.RequestsPerSecond(now, step.TotalSeconds) * state.RequestsFactor;
        bool isSlow = now >= _slowAt && now < _slowAt + SlowTime, bursts = now >= _burstAt && now < _burstAt + BurstTime;
        bool hasJob = now.TimeOfDay >= JobBegins && now.TimeOfDay < JobEnds;
        double coresOfJob = hasJob ? JobCores : 0;
        double cores = Math.Min(ServiceState.Cores, ((0.08 + (0.0035 * requests)) * state.CpuFactor * Noise(0.04)) + coresOfJob + state.SpinningGoroutines + (bursts ? ServiceState.Cores : 0));
        double busy = cores / ServiceState.Cores;
        double latencySeconds = 0.04 * state.LatencyFactor * (isSlow ? 3 : 1) * (1 + (0.6 * busy * busy)) * Noise(0.08);
        double failed = 100 * Math.Clamp((0.001 * Noise(0.4)) + state.FailedShare, 0, 1);

        double kept = Math.Exp(-step.TotalMinutes / CacheMinutes);
        _cacheBytes = (_cacheBytes * kept) + ((1 - kept) * 0.35 * MebiByte * requests);
        double marked = (100 * MebiByte) + _cacheBytes + (hasJob ? JobMebiBytes * MebiByte : 0) + state.LeakedHeapBytes;
        // Near its limit GC runs so often that there is hardly a tooth left.
        double goal = Math.Max(marked * 1.02, Math.Min(2 * marked, ServiceState.GoMemoryLimitBytes)), live = marked + ((goal - marked) * _random.NextDouble());
        double gcPercent = Math.Min(50, 0.6 * requests / 100 * marked / Math.Max(MebiByte, goal - marked));
        double givenBack = Math.Exp(-step.TotalMinutes / GiveBackMinutes);
        _residentHeapBytes = Math.Max(goal * 1.05, (_residentHeapBytes * givenBack) + ((1 - givenBack) * goal * 1.05));
        double resident = _residentHeapBytes + (60 * MebiByte) + state.ForeignBytes;

        int handlers = (int)(60 + (requests * latencySeconds * 1.5 * Noise(0.05)) + (hasJob ? 40 : 0)), leaked = (int)state.LeakedGoroutines;
        double handles = 40 + (0.3 * requests * Noise(0.05)) + state.Handles;
        return Observe(
            now,
            new RuntimeCounters
            {
                Goroutines = Reading.Of((long)handlers + leaked),
                Gomaxprocs = Reading.Of(ServiceState.Cores),
                HeapLiveBytes = Reading.Of((long)live),
                HeapGoalBytes = Reading.Of((long)goal),
                MemoryLimitBytes = Reading.Of((long)ServiceState.GoMemoryLimitBytes),
            },
            new GoFigures
            {
                Counters = new RuntimeCounters(),
                AllocBytesPerSecond = Reading.Of(0.3 * MebiByte * requests),
                GcCpuPercent = Reading.Of(gcPercent),
                SchedulingLatencyP99Nanoseconds = Reading.Of(80e3 * Noise(0.3) / Math.Max(0.02, 1 - busy)),
                NewPausesNanoseconds = Reading.Of<ImmutableArray<long>>([(long)(200e3 * Noise(0.5))]),
            },
            new ProcessFigures
            {
                CpuPercent = Reading.Of(100 * cores),
                AllowedCores = Reading.Of(CoreSet.Of(Enumerable.Range(0, ServiceState.Cores))),
                ResidentBytes = Reading.Of((long)resident),
                Handles = Reading.Of((int)Math.Min(handles, ServiceState.HandleLimit)),
                HandleLimit = Reading.Of((long)ServiceState.HandleLimit),
            },
            new RequestFigures { PerSecond = Reading.Of(requests), FailedPercent = Reading.Of(failed), P99Nanoseconds = Reading.Of(latencySeconds * 1e9) },
            leaked > 0 ? [(Leaked, leaked), (Handlers, handlers)] : [(Handlers, handlers)]);
    }

    private Observation Observe(DateTimeOffset now, RuntimeCounters counters, GoFigures go, ProcessFigures process, RequestFigures http, (GroupKey Key, int Count)[] groups)
    {
        Snapshot snapshot = _nothing.Now with
        {
            Time = now,
            MonotonicNanoseconds = (now.UtcTicks % (TimeSpan.TicksPerDay * 365)) * 100,
            Target = _nothing.Now.Target with
            {
                Process = new ProcessKey(100 + _life, (ulong)_life),
                Build = Reading.Of(new GoBuildInfo("go1.25.1", "example.org/order-api", "example.org/order-api", $"v1.{_version}.0", ImmutableSortedDictionary<string, string>.Empty)),
            },
            Process = process,
            Container = _nothing.Now.Container with { MemoryLimitBytes = Reading.Of((long)ServiceState.ContainerLimitBytes) },
            Go = go with { Counters = counters },
            Service = _nothing.Now.Service with { Http = http },
            Groups = Reading.Of<ImmutableArray<GoroutineGroup>>([.. groups.OrderByDescending(group => group.Count).Select(Group)]),
        };
        _groupsBefore = groups;
        HistoryView history = _history.Add(snapshot);
        return _nothing with { Now = snapshot, History = history, Findings = RuleCatalog.Check(snapshot, history) };
    }

    private GoroutineGroup Group((GroupKey Key, int Count) group)
    {
        int? before = _groupsBefore.Where(other => other.Key == group.Key).Select(other => (int?)other.Count).FirstOrDefault();
        return new GoroutineGroup(group.Key, group.Count, Reading.NotYet<double>("simulated"), Reading.Of(30.0), []) { CountBefore = before };
    }

    /// <summary>When what happens each day happens; deployments by day, and now and then a restart.</summary>
    private void PlanDay(DateTimeOffset now)
    {
        DateOnly day = DateOnly.FromDateTime(now.DateTime);
        if (day == _day) return;
        _day = day;
        DateTimeOffset midnight = new(day, TimeOnly.MinValue, TimeSpan.Zero);
        bool isWorkingDay = now.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        _isDeployment = isWorkingDay && _random.NextDouble() < DeployChance;
        double hour = _isDeployment ? 9 + (8 * _random.NextDouble()) : 24 * _random.NextDouble();
        // On a day that goes wrong nobody deploys: it would end a leak.
        bool ends = (_isDeployment || _random.NextDouble() < RestartChance) && DateOnly.FromDateTime(_faultAt.DateTime) != day;
        _lifeEndsAt = ends ? midnight.AddHours(hour) : null;
        (_slowAt, _burstAt) = (midnight.AddHours(24 * _random.NextDouble()), midnight.AddHours(24 * _random.NextDouble()));
    }

    private void EndLife(DateTimeOffset now)
    {
        if (_lifeEndsAt is null || now < _lifeEndsAt) return;
        _lifeEndsAt = null;
        Begin(_isDeployment);
    }

    private void Begin(bool deployed)
    {
        _life++;
        if (deployed) _version++;
        _cacheBytes = 0;
        _residentHeapBytes = 200 * MebiByte;
        _history = new History();
        _groupsBefore = [];
    }

    private double Noise(double spread) => Math.Exp(_random.Normal(spread));
}
