using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Sampling;

namespace GoTop.Bench.Alerts;

/// <summary>
/// Days of a simulated service under the rules that hold by default and rules on what is unusual: first weeks in which they learn, then
/// weeks in which nothing is wrong, and days on each of which one thing goes wrong.
/// </summary>
internal sealed class AlertBenchmark(BenchOptions options)
{
    public const int Seeds = 3;
    public const int LearningDays = 21;
    public const int HealthyDays = 7;

    /// <summary>What is learnt are medians of a quarter of an hour: so many values are enough for them.</summary>
    private static readonly TimeSpan LearningStep = TimeSpan.FromSeconds(10);

    /// <summary>As the agent samples.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>A Monday.</summary>
    private static readonly DateOnly FirstDay = new(2026, 3, 2);

    private static readonly AlertTarget Target = new("order-api", ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>Rules that one would write for such a service, beside those that hold by default.</summary>
    public static ImmutableArray<AlertRule> Rules { get; } =
    [
        .. DefaultRules.All,
        Unusual("unusual-cpu", SeriesCatalog.Cpu, AnomalySides.High),
        Unusual("unusual-goroutines", SeriesCatalog.Goroutines, AnomalySides.High),
        Unusual("unusual-heap", SeriesCatalog.HeapLive, AnomalySides.High),
        Unusual("unusual-time", SeriesCatalog.HttpTimeP99, AnomalySides.High),
        Unusual("unusual-failures", SeriesCatalog.HttpFailed, AnomalySides.High),
        Unusual("few-requests", SeriesCatalog.HttpRequests, AnomalySides.Low),
    ];

    public Task<AlertResult> RunAsync(CancellationToken cancellation) => Task.Run(() => Run(cancellation), cancellation);

    private AlertResult Run(CancellationToken cancellation)
    {
        List<HealthyDay> healthy = [];
        List<FaultDay> faults = [];
        for (int seed = 1; seed <= Seeds; seed++)
        {
            BaselineFiles learnt = new(Path.Combine(options.WorkFolder, $"learnt-{seed}"));
            options.Say($"seed {seed}: {LearningDays} days of learning, {HealthyDays} days without a fault");
            Watch weeks = new(new SimulatedService(seed), Begin(FirstDay), null);
            weeks.Pass(TimeSpan.FromDays(LearningDays), LearningStep, cancellation);
            if (weeks.Save(learnt) is { } problem) throw new InvalidOperationException(problem);
            for (int day = 0; day < HealthyDays; day++)
            {
                healthy.Add(new HealthyDay(seed, DateOnly.FromDateTime(weeks.Now.DateTime), weeks.Pass(TimeSpan.FromDays(1), Step, cancellation)));
            }

            foreach ((int number, Fault fault) in Fault.All.Index())
            {
                options.Say($"seed {seed}: {fault.What}");
                // Another working day each.
                DateOnly day = FirstDay.AddDays(LearningDays + (number % 5));
                Watch watch = new(new SimulatedService((seed * 1000) + number, fault, day), Begin(day), learnt);
                TimeSpan until = fault.Begins + (fault.ReachesLimit ?? TimeSpan.FromHours(3));
                ImmutableArray<AlertChange> changes = watch.Pass(until < TimeSpan.FromDays(1) ? until : TimeSpan.FromDays(1), Step, cancellation);
                faults.Add(new FaultDay(seed, fault, Begin(day) + fault.Begins, changes));
            }
        }

        return new AlertResult(healthy, faults);
    }

    private static DateTimeOffset Begin(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static AlertRule Unusual(string name, NamedFigure figure, AnomalySides sides) => new()
    {
        Name = name,
        Condition = new AnomalyCondition(figure, sides),
        For = TimeSpan.FromMinutes(10),
        ClearFor = TimeSpan.FromMinutes(5),
    };

    /// <summary>A service and the engine that watches it.</summary>
    private sealed class Watch
    {
        private readonly SimulatedService _service;
        private readonly AlertEngine _engine = new(Rules, TimeZoneInfo.Utc);

        public Watch(SimulatedService service, DateTimeOffset begin, BaselineFiles? learnt)
        {
            (_service, Now) = (service, begin);
            if (learnt?.Load(Target.Name, _engine.BaselinesOf(Target)) is { } problem) throw new InvalidOperationException(problem);
        }

        public DateTimeOffset Now { get; private set; }

        public string? Save(BaselineFiles files) => files.Save(Target.Name, _engine.BaselinesOf(Target));

        /// <returns>What fired.</returns>
        public ImmutableArray<AlertChange> Pass(TimeSpan time, TimeSpan step, CancellationToken cancellation)
        {
            ImmutableArray<AlertChange>.Builder fired = ImmutableArray.CreateBuilder<AlertChange>();
            for (DateTimeOffset end = Now + time; Now < end;)
            {
                cancellation.ThrowIfCancellationRequested();
                Now += step;
                fired.AddRange(_engine.Look(Target, AlertMoment.Of(_service.At(Now, step))).Where(change => change.IsFiring));
            }

            return fired.ToImmutable();
        }
    }
}
