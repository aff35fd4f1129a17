using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Nearly out of file descriptors: accepts and dials are about to fail.</summary>
public sealed class HandleLimitRule : IFindingRule
{
    public string Name => "descriptors";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Process.Handles.TryGet(out int open) || !now.Process.HandleLimit.TryGet(out long limit) || limit <= 0 || open < 0.8 * limit) return null;
        return new Finding(
            Name, open >= 0.95 * limit ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{open:N0} of {limit:N0} file descriptors are open"),
            "beyond the limit accept and dial fail with \"too many open files\"",
            "Look for connections and files never closed; raise the limit (LimitNOFILE).");
    }
}
