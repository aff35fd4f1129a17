using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>Where a figure must not come to: a number, or another figure such as a limit.</summary>
public sealed record Goal(double? Number, NamedFigure? Figure)
{
    public Goal(double number)
        : this(number, null)
    {
    }

    public Goal(NamedFigure figure)
        : this(null, figure)
    {
    }

    public Reading<double> Read(AlertMoment moment) => Figure is null ? Reading.Of(Number ?? 0) : moment.Read(Figure);

    public string Describe(Unit unit) => Figure?.Name ?? Figures.Of(unit, Number ?? 0);
}

/// <summary>
/// At the pace of the last while, a figure reaches its goal within a time: "the heap reaches its limit in 30 minutes". Minima are
/// followed where it grows, so that the teeth of a heap do not count, and a trend has to go one way all along.
/// </summary>
/// <param name="Over">The time that the pace is taken over.</param>
public sealed record ForecastCondition(NamedFigure Figure, Goal Goal, TimeSpan Within, TimeSpan Over) : AlertCondition
{
    private const int Slices = 45;

    /// <summary>It is over when the goal is this many times further away than it would have to be.</summary>
    private const double ClearFactor = 1.25;

    public override Unit Unit => Figure.Unit;

    public override string Describe() => $"{Figure.Name} reaches {Goal.Describe(Figure.Unit)} within {DurationText.Format(Within)}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    private string Write(double value) => Figures.Of(Figure.Unit, value);

    private sealed class Memory(ForecastCondition condition) : ConditionMemory
    {
        private readonly PastValues _past = new(condition.Over, Slices);
        private ProcessKey? _process;
        private int _slicesSeen = -1;
        private double _lastSlice;
        private Trend? _trend;

        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            Reading<double> reading = moment.Read(condition.Figure), goal = condition.Goal.Read(moment);
            if (!reading.HasValue) return Verdict.Unknown($"{condition.Figure.Name} is not there: {reading.Reason ?? "not read yet"}");
            if (moment.Observation?.Now.Target.Process is { } process && process != _process)
            {
                _past.Clear();
                _slicesSeen = -1;
                _process = process;
            }

            double seconds = moment.MonotonicNanoseconds / 1e9;
            _past.Add(seconds, reading.Value);
            if (!goal.HasValue) return Verdict.Unknown($"{condition.Goal.Describe(condition.Figure.Unit)} is not there: {goal.Reason ?? "not read yet"}");
            bool grows = goal.Value >= reading.Value;
            double covered = _past.CoveredSeconds, wanted = condition.Over.TotalSeconds * 0.9;
            if (covered < wanted)
                return Verdict.Unknown($"watched for {Figures.Age(covered)} of {DurationText.Format(condition.Over)}", moment.Time.AddSeconds(wanted - covered));
            FollowTrend(grows);
            if (_trend is not { } trend || (trend.PerSecond > 0) != grows)
                return Verdict.Of(false, reading.Value, $"{condition.Write(reading.Value)}, with no steady way to {condition.Write(goal.Value)} in the last {DurationText.Format(condition.Over)}");
            double left = Math.Max(0, (goal.Value - trend.Last) / trend.PerSecond);
            double limit = condition.Within.TotalSeconds * (isActive ? ClearFactor : 1);
            string pace = condition.Write(Math.Abs(trend.PerSecond) * 3600);
            return Verdict.Of(
                left <= limit, reading.Value,
                $"{condition.Write(reading.Value)}, {(grows ? "growing" : "falling")} by {pace} an hour for the last {DurationText.Format(condition.Over)}: reaches {condition.Write(goal.Value)} in {Figures.Age(left)}");
        }

        /// <summary>A trend holds until the next slice is whole.</summary>
        private void FollowTrend(bool grows)
        {
            PastValues.Slice newest = _past.Slices.Last();
            if (_slicesSeen == _past.Slices.Count && newest.Start == _lastSlice) return;
            (_slicesSeen, _lastSlice) = (_past.Slices.Count, newest.Start);
            (double, double)[] points = [.. _past.Slices.Select(slice => (slice.Start, grows ? slice.Least : slice.Mean))];
            _trend = Trend.Steady(points);
        }
    }
}
