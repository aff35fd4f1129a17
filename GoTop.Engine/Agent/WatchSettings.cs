using System.Collections.Immutable;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Rules;

namespace GoTop.Engine.Agent;

/// <summary>
/// All of a configuration that one watched target depends on. Two are equal when what they say is: records that hold lists are
/// not, and a file that was merely saved again must not end a recording.
/// </summary>
internal sealed class WatchSettings(TargetSettings target, GoTopConfig config) : IEquatable<WatchSettings>
{
    public TargetSettings Target => target;

    public GoTopConfig Config => config;

    public bool Equals(WatchSettings? other) =>
        other is not null && Same(Target, other.Target) && Same(Config, other.Config);

    public override bool Equals(object? obj) => Equals(obj as WatchSettings);

    public override int GetHashCode() => HashCode.Combine(target.Name, target.ProcessName, target.Service, target.ProcessId, target.Url);

    /// <summary>Filters by which alert rules have lines counted.</summary>
    public static ImmutableArray<LogFilter> LogFiltersOf(GoTopConfig config) =>
        [.. config.AlertRules.Select(rule => rule.Condition).OfType<LogRateCondition>().Select(condition => condition.Filter).DistinctBy(filter => filter.Text)];

    /// <summary>The watchdog reads its settings anew at each look: they are no reason to begin another watch.</summary>
    private static bool Same(TargetSettings a, TargetSettings b) =>
        a with { Logs = b.Logs, Labels = b.Labels, Rules = b.Rules, Watchdog = b.Watchdog } == b
        && a.Logs.SequenceEqual(b.Logs) && a.Labels.SequenceEqual(b.Labels) && Same(a.Rules, b.Rules);

    private static bool Same(ActionRules a, ActionRules b) =>
        a with { Allow = b.Allow, By = b.By, Windows = b.Windows } == b
        && (a.Allow is { } some ? b.Allow is { } others && some.SequenceEqual(others) : b.Allow is null) && a.By.SequenceEqual(b.By)
        && a.Windows.Select(window => window.ToString()).SequenceEqual(b.Windows.Select(window => window.ToString()));

    private static bool Same(GoTopConfig a, GoTopConfig b) =>
        a.Interval == b.Interval && a.Profiles == b.Profiles && a.Kernel == b.Kernel && a.Agent == b.Agent && a.ReadOnly == b.ReadOnly && a.Audit == b.Audit
        && a.PerformanceCounters.SequenceEqual(b.PerformanceCounters) && Same(a.EtwProviders, b.EtwProviders)
        && LogFiltersOf(a).Select(filter => filter.Text).SequenceEqual(LogFiltersOf(b).Select(filter => filter.Text));

    private static bool Same(ImmutableArray<EtwProviderSettings> a, ImmutableArray<EtwProviderSettings> b) => a.SequenceEqual(b);
}
