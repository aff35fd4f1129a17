using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis;

/// <summary>Recognises one thing that goes wrong with Go services. Pure.</summary>
public interface IFindingRule
{
    /// <summary>Stable: it is shown, exported and may be named in the configuration.</summary>
    string Name { get; }

    /// <summary>The finding, or null when the facts do not show it or are absent.</summary>
    Finding? Check(Snapshot now, HistoryView history);
}
