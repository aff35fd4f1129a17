using System.Globalization;
using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts;

/// <summary>One rule on one target: inactive, pending, firing, resolved.</summary>
internal sealed class RuleWatch(AlertRule rule, AlertTarget target, TargetBaselines baselines)
{
    /// <summary>What fires and can no longer be read is given up after this.</summary>
    private static readonly TimeSpan MostUnknown = TimeSpan.FromMinutes(5);

    private readonly ConditionMemory _memory = rule.Condition.Remember(baselines);
    private long? _heldSince;
    private long? _clearSince;
    private long? _unknownSince;
    private string _id = "";

    public RuleStatus Status { get; private set; } = new()
    {
        Rule = rule,
        Target = target.Name,
        Phase = AlertPhase.Inactive,
        Since = default,
        At = default,
        Why = "not looked at yet",
    };

    /// <returns>What changed that somebody is to be told of; else null.</returns>
    public AlertChange? Look(AlertMoment moment)
    {
        Verdict verdict = _memory.Check(moment, isActive: Status.Phase == AlertPhase.Firing);
        long now = moment.MonotonicNanoseconds;
        AlertPhase before = Status.Phase;
        (AlertPhase phase, string why, DateTimeOffset? chance) = verdict.Kind switch
        {
            VerdictKind.Holds => Holds(verdict, moment, now),
            VerdictKind.Not => Over(verdict, now),
            _ => Unknown(verdict, now),
        };
        bool fires = phase == AlertPhase.Firing && before != AlertPhase.Firing, ends = before == AlertPhase.Firing && phase != AlertPhase.Firing;
        if (fires) _id = string.Create(CultureInfo.InvariantCulture, $"{rule.Name}/{target.Name}/{moment.Time.ToUnixTimeMilliseconds()}");
        Status = Status with
        {
            Phase = phase,
            Since = phase == before && Status.At != default ? Status.Since : moment.Time,
            At = moment.Time,
            Value = verdict.Value,
            Why = PlainText.Clean(why, 500),
            NextChance = chance,
            FiredAt = fires ? moment.Time : Status.FiredAt,
            TimesFired = Status.TimesFired + (fires ? 1 : 0),
        };
        return fires || ends ? new AlertChange(_id, Status, Build(moment)) : null;
    }

    private (AlertPhase, string, DateTimeOffset?) Holds(Verdict verdict, AlertMoment moment, long now)
    {
        _clearSince = _unknownSince = null;
        _heldSince ??= now;
        TimeSpan held = TimeSpan.FromMilliseconds((now - _heldSince.Value) / 1e6);
        if (Status.Phase == AlertPhase.Firing || held >= rule.For) return (AlertPhase.Firing, verdict.Why, null);
        return (AlertPhase.Pending, $"{verdict.Why}, for {Figures.Age(held.TotalSeconds)} of {DurationText.Format(rule.For)}", moment.Time + (rule.For - held));
    }

    private (AlertPhase, string, DateTimeOffset?) Over(Verdict verdict, long now)
    {
        _heldSince = _unknownSince = null;
        if (Status.Phase != AlertPhase.Firing) return (Status.Phase == AlertPhase.Resolved ? AlertPhase.Resolved : AlertPhase.Inactive, verdict.Why, verdict.Earliest);
        _clearSince ??= now;
        double clear = (now - _clearSince.Value) / 1e9;
        return clear >= rule.ClearFor.TotalSeconds
            ? (AlertPhase.Resolved, verdict.Why, null)
            : (AlertPhase.Firing, $"{verdict.Why}, for {Figures.Age(clear)} of the {DurationText.Format(rule.ClearFor)} that resolve it", null);
    }

    private (AlertPhase, string, DateTimeOffset?) Unknown(Verdict verdict, long now)
    {
        _unknownSince ??= now;
        double unknown = (now - _unknownSince.Value) / 1e9;
        switch (Status.Phase)
        {
            case AlertPhase.Firing when unknown < MostUnknown.TotalSeconds:
                return (AlertPhase.Firing, verdict.Why, null);
            case AlertPhase.Firing:
                _heldSince = _clearSince = null;
                return (AlertPhase.Resolved, $"nothing is known of it any more: {verdict.Why}", verdict.Earliest);
            case AlertPhase.Pending when unknown <= Math.Max(rule.For.TotalSeconds, 1):
                return (AlertPhase.Pending, verdict.Why, verdict.Earliest);
            case AlertPhase.Resolved:
                return (AlertPhase.Resolved, verdict.Why, verdict.Earliest);
            default:
                _heldSince = null;
                return (AlertPhase.Inactive, verdict.Why, verdict.Earliest);
        }
    }

    private static string? Build(AlertMoment moment) =>
        moment.Observation is { } observation && observation.Now.Target.Build.TryGet(out GoBuildInfo? build) ? build.ModuleVersion : null;
}
