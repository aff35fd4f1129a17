using GoTop.Engine.Fleet;
using GoTop.Engine.Model;

namespace GoTop.Panes.Fleet;

/// <summary>What has been asked for of one target of the fleet: its past.</summary>
/// <param name="Id">The row's.</param>
public sealed record FleetDetail(string Id, Reading<FleetHistory> History);

/// <summary>Selects or opens one target.</summary>
public sealed record FleetTargetKey(string Id);

/// <summary>Selects or opens what has something in common.</summary>
internal sealed record FleetGroupKey(string? Name);
