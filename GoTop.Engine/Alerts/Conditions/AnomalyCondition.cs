using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

[Flags]
public enum AnomalySides : byte
{
    High = 1,
    Low = 2,
    Both = High | Low,
}

/// <summary>
/// A figure is not what it usually is at this time of day and week. More requests than usual explain more of everything: where the
/// service tells its requests, the figure for each of them has to be unusual as well.
/// </summary>
/// <param name="Spreads">How many usual spreads away it has to be; 6 is careful, 4 is keen.</param>
public sealed record AnomalyCondition(NamedFigure Figure, AnomalySides Sides, double Spreads = AnomalyCondition.Medium) : AlertCondition
{
    public const double Low = 9;
    public const double Medium = 6;
    public const double High = 4;

    /// <summary>Less than this share of the usual value is nobody's trouble, however still the figure usually is.</summary>
    private const double LeastShare = 0.25;

    private const double ClearFactor = 0.7;
    private const double LeastRequestsPerSecond = 1;
    private static readonly TimeSpan Judged = TimeSpan.FromMinutes(5);

    public override Unit Unit => Figure.Unit;

    public override string Describe() => $"{Figure.Name} unusual{Sides switch { AnomalySides.High => "ly high", AnomalySides.Low => "ly low", _ => "" }}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this, baselines);

    private static double Score(double value, Expectation expected) =>
        Math.Abs(value - expected.Usual) < LeastShare * Math.Abs(expected.Usual) || expected.Spread == 0 ? 0 : (value - expected.Usual) / expected.Spread;

    private bool IsUnusual(double score, bool isActive)
    {
        double limit = Spreads * (isActive ? ClearFactor : 1);
        return (Sides.HasFlag(AnomalySides.High) && score > limit) || (Sides.HasFlag(AnomalySides.Low) && score < -limit);
    }

    private Reading<double> PerRequest(AlertMoment moment) =>
        moment.Read(SeriesCatalog.HttpRequests) is { HasValue: true, Value: >= LeastRequestsPerSecond } requests
            ? moment.Read(Figure).Select(value => value / requests.Value)
            : Reading.NotYet<double>("hardly any requests");

    private sealed class Memory : ConditionMemory
    {
        private readonly AnomalyCondition _condition;
        private readonly TargetBaselines _baselines;
        private readonly SeasonalBaseline _usual;
        private readonly SeasonalBaseline? _usualPerRequest;
        private readonly PastValues _values = new(Judged, 5);
        private readonly PastValues _perRequest = new(Judged, 5);

        public Memory(AnomalyCondition condition, TargetBaselines baselines)
        {
            (_condition, _baselines) = (condition, baselines);
            _usual = baselines.Follow(condition.Figure.Name, moment => moment.Read(condition.Figure));
            // What is counted of requests is not explained by their number.
            if (!condition.Figure.Name.StartsWith("service.", StringComparison.Ordinal)) _usualPerRequest = baselines.Follow($"{condition.Figure.Name} per request", condition.PerRequest);
        }

        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            Reading<double> reading = moment.Read(_condition.Figure);
            if (!reading.HasValue) return Verdict.Unknown($"{_condition.Figure.Name} is not there: {reading.Reason ?? "not read yet"}");
            double seconds = moment.MonotonicNanoseconds / 1e9;
            _values.Add(seconds, reading.Value);
            if (_condition.PerRequest(moment).TryGet(out double each)) _perRequest.Add(seconds, each);
            if (_baselines.Unusual is { } unusual)
            {
                _values.Clear();
                _perRequest.Clear();
                return Verdict.Unknown($"{unusual} a short time ago: not judged");
            }

            if (Mean(_values) is not { } value) return Verdict.Unknown($"the mean of {Judged.TotalMinutes:0} minutes is judged, and not there yet");
            DateTimeOffset local = _baselines.Local(moment.Time);
            if (_usual.Expect(local) is not { } expected)
            {
                int known = _usual.DaysKnown(local), needed = SeasonalBaseline.DaysNeeded(local);
                return Verdict.Unknown($"learning: {known} of {needed} {(needed == 2 ? "weekend" : "working")} days known at this time of day", moment.Time.AddDays(needed - known));
            }

            string why = $"{Write(value)} on the mean of {Judged.TotalMinutes:0} minutes; usual at this time is {Write(expected.Usual)} ± {Write(expected.Spread)} (by {expected.Days} days like this)";
            if (!_condition.IsUnusual(Score(value, expected), isActive)) return Verdict.Of(false, value, why);
            if (Mean(_perRequest) is { } perRequest && _usualPerRequest?.Expect(local) is { } expectedEach && !_condition.IsUnusual(Score(perRequest, expectedEach), isActive))
                return Verdict.Of(false, value, $"{why}; the number of requests explains it: for each it is as usual");
            return Verdict.Of(true, value, why);
        }

        private static double? Mean(PastValues values) => values.CoveredSeconds < Judged.TotalSeconds * 0.75 ? null : values.Slices.Average(slice => slice.Mean);

        private string Write(double value) => Figures.Of(_condition.Figure.Unit, value);
    }
}
