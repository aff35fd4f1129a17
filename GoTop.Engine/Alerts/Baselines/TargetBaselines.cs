using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Baselines;

/// <summary>
/// The baselines of one target, each learnt once however many rules judge by it. After a restart or a deployment nothing is
/// learnt, and nothing judged, for a while.
/// </summary>
/// <param name="zone">Whose days count: people come to work by the clock on their wall, also when it changes to summer time.</param>
public sealed class TargetBaselines(TimeZoneInfo zone)
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, (Func<AlertMoment, Reading<double>> Read, SeasonalBaseline Baseline)> _followed = [];
    private readonly Dictionary<string, SeasonalBaseline> _stored = [];
    private ProcessKey? _process;
    private string? _build;
    private long _unusualUntil = long.MinValue;
    private string _unusual = "";

    /// <summary>Why the present is not usual: the service has just been restarted or deployed; null when it is.</summary>
    public string? Unusual { get; private set; }

    /// <summary>A figure's baseline; from now on it is learnt.</summary>
    /// <param name="name">The figure's, or a name of what is made of figures.</param>
    public SeasonalBaseline Follow(string name, Func<AlertMoment, Reading<double>> read)
    {
        if (_followed.TryGetValue(name, out (Func<AlertMoment, Reading<double>> Read, SeasonalBaseline Baseline) followed)) return followed.Baseline;
        SeasonalBaseline baseline = _stored.GetValueOrDefault(name) ?? new SeasonalBaseline();
        _followed.Add(name, (read, baseline));
        return baseline;
    }

    /// <summary>Called once for each moment, before the rules look at it.</summary>
    public void Learn(AlertMoment moment)
    {
        if (moment.Observation is { } observation) NoticeLives(observation.Now.Target, moment.MonotonicNanoseconds);
        Unusual = moment.MonotonicNanoseconds < _unusualUntil ? _unusual : null;
        if (_followed.Count == 0) return;
        DateTimeOffset local = Local(moment.Time);
        foreach ((Func<AlertMoment, Reading<double>> read, SeasonalBaseline baseline) in _followed.Values)
        {
            if (read(moment).TryGet(out double value) && double.IsFinite(value)) baseline.Add(local, value, Unusual is null);
        }
    }

    /// <summary>The time of day and week by which <see cref="SeasonalBaseline"/> knows a moment.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone);

    /// <summary>What was learnt, by name.</summary>
    internal IEnumerable<(string Name, ImmutableArray<LearntSlot> Learnt)> Export() =>
        _stored.Where(stored => !_followed.ContainsKey(stored.Key)).Select(stored => (stored.Key, stored.Value.Learnt().ToImmutableArray()))
            .Concat(_followed.Select(followed => (followed.Key, followed.Value.Baseline.Learnt().ToImmutableArray())));

    internal void Import(string name, IEnumerable<LearntSlot> learnt)
    {
        SeasonalBaseline baseline = new();
        baseline.Relearn(learnt);
        _stored[name] = baseline;
    }

    private void NoticeLives(TargetIdentity target, long monotonic)
    {
        string? build = target.Build.TryGet(out GoBuildInfo? info) ? $"{info.ModuleVersion} {info.VcsRevision}" : _build;
        if (_process is { } before && target.Process is { } process && process != before)
        {
            _unusualUntil = monotonic + (long)Settling.TotalNanoseconds;
            _unusual = build != _build ? "another version was deployed" : "the service was restarted";
        }

        _process = target.Process ?? _process;
        _build = build;
    }
}
