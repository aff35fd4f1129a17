using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>A figure is beyond a limit.</summary>
public sealed record ThresholdCondition(NamedFigure Figure, Bound Bound) : AlertCondition
{
    public override Unit Unit => Figure.Unit;

    public override string Describe() => $"{Figure.Name} {Bound.Describe(Write)}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    private string Write(double value) => Figures.Of(Figure.Unit, value);

    private sealed class Memory(ThresholdCondition condition) : ConditionMemory
    {
        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            Reading<double> reading = moment.Read(condition.Figure);
            return reading.HasValue
                ? Verdict.Of(condition.Bound.IsPassed(reading.Value, isActive), reading.Value, condition.Bound.Explain(reading.Value, isActive, condition.Write))
                : Verdict.Unknown($"{condition.Figure.Name} is not there: {reading.Reason ?? "not read yet"}");
        }
    }
}
