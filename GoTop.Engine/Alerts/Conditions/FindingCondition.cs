using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>A finding is raised: one rule's, or any that is severe enough.</summary>
/// <param name="Rule">The finding rule's name; null for any.</param>
public sealed record FindingCondition(string? Rule, Severity AtLeast) : AlertCondition
{
    public override string Describe() => $"finding {Rule ?? "of any kind"}{(AtLeast == Severity.Notice ? "" : $", {SeverityWords.Of(AtLeast)} at least")}";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory(this);

    private sealed class Memory(FindingCondition condition) : ConditionMemory
    {
        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            if (moment.Observation is not { } observation) return Verdict.Unknown(moment.Absence ?? "the target is not there");
            Finding? found = observation.Findings.FirstOrDefault(finding => finding.Severity >= condition.AtLeast && (condition.Rule is null || finding.Rule == condition.Rule));
            return found is null
                ? Verdict.Of(false, null, "no such finding")
                : Verdict.Of(true, null, $"{found.Title}: {found.Detail}");
        }
    }
}
