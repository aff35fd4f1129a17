using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>A figure has changed by more than a limit over a time: its means at both ends of it are compared.</summary>
/// <param name="IsPercent">The limit is per cent of the value at the start.</param>
public sealed record ChangeCondition(NamedFigure Figure, Bound Bound, TimeSpan Over, bool IsPercent) : AlertCondition
{
    private const int Slices = 30;

    public override Unit Unit => IsPercent ? Unit.Percent : Figure.Unit;

    public override string Describe() => $"{Figure.Name} changed {Bound.Describe(Write)} in {DurationText.Format(Over)}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    private string Write(double value) => IsPercent ? Figures.Percent(value) : (value > 0 ? "+" : "") + Figures.Of(Figure.Unit, value);

    private sealed class Memory(ChangeCondition condition) : ConditionMemory
    {
        private readonly PastValues _past = new(condition.Over, Slices);
        private ProcessKey? _process;

        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            Reading<double> reading = moment.Read(condition.Figure);
            if (!reading.HasValue) return Verdict.Unknown($"{condition.Figure.Name} is not there: {reading.Reason ?? "not read yet"}");
            if (moment.Observation?.Now.Target.Process is { } process && process != _process)
            {
                // Another process has another past.
                _past.Clear();
                _process = process;
            }

            _past.Add(moment.MonotonicNanoseconds / 1e9, reading.Value);
            double covered = _past.CoveredSeconds, wanted = condition.Over.TotalSeconds * 0.9;
            if (covered < wanted)
                return Verdict.Unknown($"watched for {Figures.Age(covered)} of {DurationText.Format(condition.Over)}", moment.Time.AddSeconds(wanted - covered));
            double before = _past.Slices.First().Mean, change = reading.Value - before;
            if (condition.IsPercent)
            {
                if (before == 0) return Verdict.Unknown("a change of 0 has no percentage");
                change = 100 * change / Math.Abs(before);
            }

            return Verdict.Of(
                condition.Bound.IsPassed(change, isActive), change,
                $"{condition.Bound.Explain(change, isActive, condition.Write)} in {DurationText.Format(condition.Over)}: {Figures.Of(condition.Figure.Unit, before)} became {Figures.Of(condition.Figure.Unit, reading.Value)}");
        }
    }
}
