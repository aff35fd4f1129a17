using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>A figure cannot be read, though the target is there.</summary>
/// <param name="After">It has to be missing for so long.</param>
public sealed record AbsenceCondition(NamedFigure Figure, TimeSpan After) : AlertCondition
{
    public override Unit Unit => Figure.Unit;

    public override string Describe() => $"{Figure.Name} missing for {DurationText.Format(After)}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    private sealed class Memory(AbsenceCondition condition) : ConditionMemory
    {
        private long? _missingSince;

        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            if (moment.Observation is null)
            {
                _missingSince = null;
                return Verdict.Unknown(moment.Absence ?? "the target is not there");
            }

            Reading<double> reading = moment.Read(condition.Figure);
            if (reading.HasValue)
            {
                _missingSince = null;
                return Verdict.Of(false, reading.Value, $"{condition.Figure.Name} is there: {Figures.Of(condition.Figure.Unit, reading.Value)}");
            }

            _missingSince ??= moment.MonotonicNanoseconds;
            double missing = (moment.MonotonicNanoseconds - _missingSince.Value) / 1e9;
            bool isLong = missing >= condition.After.TotalSeconds;
            string why = $"{condition.Figure.Name} has been missing for {Figures.Age(missing)}: {reading.Reason ?? "not read yet"}";
            return new Verdict(isLong ? VerdictKind.Holds : VerdictKind.Not, null, why, isLong ? null : moment.Time.AddSeconds(condition.After.TotalSeconds - missing));
        }
    }
}
