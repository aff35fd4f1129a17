using System.Collections.Immutable;

namespace GoTop.Engine.Alerts;

/// <summary>How the rules of an agent stand with its targets: written by what judges them, read by what else is built upon the agent.</summary>
public sealed class AlertStandings
{
    private ImmutableArray<RuleStatus> _all = [];

    public ImmutableArray<RuleStatus> All => ImmutableInterlocked.InterlockedCompareExchange(ref _all, default, default);

    internal void Set(ImmutableArray<RuleStatus> all) => ImmutableInterlocked.InterlockedExchange(ref _all, all);
}
