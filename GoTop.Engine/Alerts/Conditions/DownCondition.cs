using GoTop.Engine.Alerts.Baselines;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>The target's process is not there, and nobody stopped it on purpose.</summary>
public sealed record DownCondition : AlertCondition
{
    public override string Describe() => "its process is not there";

    public override ConditionMemory Remember(TargetBaselines baselines) => new Memory();

    private sealed class Memory : ConditionMemory
    {
        public override Verdict Check(AlertMoment moment, bool isActive)
        {
            string? ended = moment.Observation is { } observation ? observation.Now.TargetEnded : moment.Absence ?? "it is not there";
            if (ended is null) return Verdict.Of(false, 1, "its process is there");
            return moment.WasStoppedOnPurpose
                ? Verdict.Of(false, 0, $"it was stopped on purpose: {ended}")
                : Verdict.Of(true, 0, ended);
        }
    }
}
