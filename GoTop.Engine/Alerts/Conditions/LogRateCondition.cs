using System.Collections.Immutable;
using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>More (or fewer) lines a minute than so many pass a filter. The agent has its targets' logs counted by it.</summary>
/// <param name="PerMinute">Lines a minute.</param>
public sealed record LogRateCondition(LogFilter Filter, Bound PerMinute) : AlertCondition
{
    public override string Describe() => $"log lines of \"{Filter.Text}\" {PerMinute.Describe(Write)}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    /// <summary>Two filters of one text are the same.</summary>
    public bool Equals(LogRateCondition? other) => other is not null && other.Filter.Text == Filter.Text && other.PerMinute == PerMinute;

    public override int GetHashCode() => HashCode.Combine(Filter.Text, PerMinute);

    private static string Write(double value) => $"{(value < 10 ? value.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) : Figures.Count(value))} a minute";

    private sealed class Memory(LogRateCondition condition) : ConditionMemory
    {
        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            if (moment.Observation is not { } observation) return Verdict.Unknown(moment.Absence ?? "the target is not there");
            Reading<ImmutableArray<FilterFigure>> matches = observation.Now.Log.Matches;
            if (!matches.TryGet(out ImmutableArray<FilterFigure> counted)) return Verdict.Unknown($"its log is not counted: {matches.Reason ?? "not read yet"}");
            foreach (FilterFigure figure in counted)
            {
                if (figure.Filter != condition.Filter.Text) continue;
                return figure.PerMinute.TryGet(out double rate)
                    ? Verdict.Of(condition.PerMinute.IsPassed(rate, isActive), rate, condition.PerMinute.Explain(rate, isActive, Write))
                    : Verdict.Unknown($"its log is not counted: {figure.PerMinute.Reason ?? "not read yet"}");
            }

            return Verdict.Unknown("its log is not counted by this filter");
        }
    }
}
