using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The process is gone: what is shown is its last state.</summary>
public sealed class TargetEndedRule : IFindingRule
{
    public string Name => "target-ended";

    public Finding? Check(Snapshot now, HistoryView history) =>
        now.TargetEnded is { } how
            ? new Finding(
                Name, Severity.Critical, $"{now.Target.Name} has ended", $"{how}; the figures are its last ones",
                "Look at its log for a panic; choose it again once it has been started.")
            : null;
}
