using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>
/// Judges every target by the alert rules and has people told. Targets that are not there are judged as well: that they are not may
/// be what somebody wants to know. One task at a time; <see cref="AlertsConsumer"/> sees to that.
/// </summary>
internal sealed class AlertsJudge : IAsyncDisposable
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(10);

    /// <summary>What has not been seen since the agent began may be starting as it does, with the machine.</summary>
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromMinutes(1);

    /// <summary>A restart is on purpose; that it does not come back is not.</summary>
    private static readonly TimeSpan PatienceAfterRestart = TimeSpan.FromMinutes(2);

    private readonly AgentServices _services;
    private readonly AlertEngine _engine;
    private readonly AlertDelivery _delivery;
    private readonly BaselineFiles _baselines;
    private readonly AlertsFile _file;
    private readonly Dictionary<string, AlertTarget> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Absence> _absent = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _begun;
    private GoTopConfig _config;
    private DateTimeOffset _written;
    private DateTimeOffset _saved;
    private string? _fileProblem;

    public AlertsJudge(AgentServices services)
    {
        _services = services;
        _config = services.Config();
        _begun = _saved = services.Time.GetUtcNow();
        _engine = new AlertEngine(_config.AlertRules);
        _delivery = AlertDelivery.Open(services.Folder, _config.Alerts, new DeliveryParts(services.Time, services.Log, Environment.MachineName, services.ToolVersion));
        _baselines = new BaselineFiles(services.Folder);
        _file = new AlertsFile(services.Folder);
        NameTargets();
    }

    private sealed record Absence(string Reason, OperatorAction? By, bool IsFirst);

    public void Observed(AgentTarget target, Observation observation)
    {
        // How it ended, and by whom, is told next.
        if (observation.Now.TargetEnded is not null) return;
        AlertTarget known = Know(target.Name, target.Context.Settings.Labels);
        _absent.Remove(target.Name);
        Look(known, AlertMoment.Of(observation));
    }

    public void Happened(AgentEvent happened)
    {
        if (happened.Kind != AgentEventKind.Lost) return;
        Know(happened.Target.Name, happened.Target.Context.Settings.Labels);
        _absent[happened.Target.Name] = new Absence(happened.Reason, happened.By, IsFirst: false);
    }

    /// <summary>Once a second: another configuration, targets that are not there, what is due to be told or written down.</summary>
    public async Task TickAsync()
    {
        await FollowConfigAsync().ConfigureAwait(false);
        DateTimeOffset now = _services.Time.GetUtcNow();
        foreach ((string name, Absence absence) in _absent.ToArray()) LookAtAbsent(_known[name], absence, now);
        _delivery.Look([], () => _engine.Status);
        _services.Alerts.Set(_engine.Status);
        if (now - _written >= WriteEvery) WriteFile();
        if (now - _saved >= SaveEvery) SaveBaselines();
    }

    public async ValueTask DisposeAsync()
    {
        SaveBaselines();
        WriteFile();
        await _delivery.DisposeAsync().ConfigureAwait(false);
    }

    private void LookAtAbsent(AlertTarget target, Absence absence, DateTimeOffset now)
    {
        if (absence.IsFirst && now - _begun < PatienceAtStart) return;
        bool onPurpose = absence.By is { } by && (by.Action == ControlCatalog.Stop.Id || now - by.Time < PatienceAfterRestart);
        Look(target, new AlertMoment
        {
            Time = now,
            MonotonicNanoseconds = _services.Time.MonotonicNanoseconds(),
            Absence = absence.By is { } who ? $"{absence.Reason} ({who.Action} by {who.User})" : absence.Reason,
            WasStoppedOnPurpose = onPurpose,
        });
    }

    private void Look(AlertTarget target, AlertMoment moment)
    {
        ImmutableArray<AlertChange> changes = _engine.Look(target, moment with { Watchdog = _services.Watchdogs.Of(target.Name) });
        foreach (AlertChange change in changes)
            _services.Log.LogWarning("alert {Rule} of {Target} {What}: {Why}", change.Status.Rule.Name, change.Status.Target, change.IsFiring ? "fires" : "is over", change.Status.Why);
        _delivery.Look(changes, () => _engine.Status);
    }

    private AlertTarget Know(string name, ImmutableSortedDictionary<string, string> labels)
    {
        if (_known.TryGetValue(name, out AlertTarget? known) && known.Labels.SequenceEqual(labels)) return known;
        if (known is not null) _engine.Forget(name);
        known = new AlertTarget(name, labels);
        _known[name] = known;
        if (_baselines.Load(name, _engine.BaselinesOf(known)) is { } problem) _services.Log.LogWarning("what was learnt of {Target} is lost: {Problem}", name, problem);
        return known;
    }

    /// <summary>Those that the configuration names and nobody has found yet are absent.</summary>
    private void NameTargets()
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (TargetSettings settings in _config.Targets)
        {
            string name = TargetNaming.NameOf(settings);
            named.Add(name);
            if (_known.ContainsKey(name)) continue;
            Know(name, settings.Labels);
            _absent[name] = new Absence("it has not been found", null, IsFirst: true);
        }

        foreach (string gone in _known.Keys.Except(named).ToArray())
        {
            SaveBaselines(gone);
            _known.Remove(gone);
            _absent.Remove(gone);
            _engine.Forget(gone);
        }
    }

    private async Task FollowConfigAsync()
    {
        GoTopConfig config = _services.Config();
        if (ReferenceEquals(config, _config)) return;
        _config = config;
        _engine.Apply(config.AlertRules);
        NameTargets();
        await _delivery.ApplyAsync(config.Alerts).ConfigureAwait(false);
    }

    private void WriteFile()
    {
        _written = _services.Time.GetUtcNow();
        string? problem = null;
        try
        {
            _file.Write(new AlertsState(_written, [.. _engine.Status.Select(RuleStanding.Of)], _delivery.Standing(), _delivery.Channels()));
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            problem = unwritten.Message;
        }

        if (problem is not null && problem != _fileProblem) _services.Log.LogWarning("how the alerts stand cannot be written down: {Problem}", problem);
        _fileProblem = problem;
    }

    private void SaveBaselines()
    {
        _saved = _services.Time.GetUtcNow();
        foreach (string name in _known.Keys) SaveBaselines(name);
    }

    private void SaveBaselines(string name)
    {
        if (_baselines.Save(name, _engine.BaselinesOf(_known[name])) is { } problem) _services.Log.LogWarning("what was learnt of {Target} is not kept: {Problem}", name, problem);
    }
}
