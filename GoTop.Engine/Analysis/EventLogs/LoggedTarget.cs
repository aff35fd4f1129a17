using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>What a log says of one process: the same as is concluded from a session's events, over the whole log.</summary>
/// <param name="Name">Of its executable; null where the log does not tell it.</param>
/// <param name="Why">Why it is this process, in words.</param>
/// <param name="Report">Times are on the log's clock.</param>
/// <param name="Functions">Where names of its functions come from, and what says that they are the right ones; or why there are none.</param>
public sealed record LoggedTarget(int ProcessId, string? Name, string Why, KernelReport Report, Reading<string> Functions)
{
    /// <summary>Why its figures are of a part of what happened, in words; empty where nothing is known to be missing.</summary>
    public ImmutableArray<string> PartialBecause { get; init; } = [];
}
