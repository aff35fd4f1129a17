using System.Collections.Immutable;
using GoTop.Engine.Alerts.Baselines;

namespace GoTop.Engine.Alerts;

/// <summary>
/// Looks at every target with every rule that watches it, and says what changed. It knows no channel and no clock: a recording goes
/// through it as the present does. Used by one task at a time.
/// </summary>
/// <param name="zone">In which it learns what is usual at which time of day and week.</param>
public sealed class AlertEngine(ImmutableArray<AlertRule> rules, TimeZoneInfo zone)
{
    private ImmutableArray<AlertRule> _rules = rules;
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>How each rule stands with each of its targets, by target and in the rules' order.</summary>
    public ImmutableArray<RuleStatus> Status => [.. _watched.Values.SelectMany(watched => watched.Rules).Select(watch => watch.Status)];

    public ImmutableArray<AlertChange> Look(AlertTarget target, AlertMoment moment)
    {
        Watched watched = Get(target);
        watched.Baselines.Learn(moment);
        ImmutableArray<AlertChange>.Builder changes = ImmutableArray.CreateBuilder<AlertChange>();
        foreach (RuleWatch watch in watched.Rules)
        {
            if (watch.Look(moment) is { } change) changes.Add(change);
        }

        return changes.ToImmutable();
    }

    /// <summary>What is learnt of a target: to be filled from its file before the first look, and written to it later.</summary>
    public TargetBaselines BaselinesOf(AlertTarget target) => Get(target).Baselines;

    /// <summary>Other rules from now on; those that say the same as before remember what they saw.</summary>
    public void Apply(ImmutableArray<AlertRule> rules)
    {
        _rules = rules;
        foreach (Watched watched in _watched.Values) watched.Apply(rules);
    }

    /// <summary>A target that the configuration no longer names.</summary>
    public void Forget(string target) => _watched.Remove(target);

    private Watched Get(AlertTarget target)
    {
        if (_watched.TryGetValue(target.Name, out Watched? watched))
        {
            watched.Use(target);
            return watched;
        }

        TargetBaselines baselines = new(zone);
        watched = new Watched(baselines, _rules, target);
        _watched.Add(target.Name, watched);
        return watched;
    }

    /// <summary>The rules of a target begin at its first look, so that baselines of earlier days can be read before.</summary>
    private sealed class Watched(TargetBaselines baselines, ImmutableArray<AlertRule> rules, AlertTarget target)
    {
        private ImmutableArray<AlertRule> _all = rules;
        private AlertTarget _target = target;
        private ImmutableArray<RuleWatch> _watches;

        public TargetBaselines Baselines => baselines;

        public ImmutableArray<RuleWatch> Rules => _watches.IsDefault ? _watches = [.. _all.Where(rule => rule.Watches(_target)).Select(Begin)] : _watches;

        /// <summary>Other labels may mean other rules; what the others have seen they remember.</summary>
        public void Use(AlertTarget target)
        {
            if (ReferenceEquals(target, _target)) return;
            bool isTheSame = target.Labels.SequenceEqual(_target.Labels);
            _target = target;
            if (!isTheSame) Apply(_all);
        }

        public void Apply(ImmutableArray<AlertRule> rules)
        {
            _all = rules;
            if (_watches.IsDefault) return;
            RuleWatch[] before = [.. _watches];
            _watches = [.. rules.Where(rule => rule.Watches(_target)).Select(rule => before.FirstOrDefault(watch => watch.Status.Rule.SaysTheSame(rule)) ?? Begin(rule))];
        }

        private RuleWatch Begin(AlertRule rule) => new(rule, _target, baselines);
    }
}
