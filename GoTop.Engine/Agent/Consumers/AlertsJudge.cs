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

    /// <summary>What was captured at a restart says something of what is told so long after it.</summary>
    private static readonly TimeSpan CaptureIsNews = TimeSpan.FromHours(1);

    private readonly AgentServices _services;
    private readonly AlertEngine _engine;
    private readonly AlertDelivery _delivery;
    private readonly BaselineFiles _baselines;
    private readonly AlertsFile _file;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Absence> _absent = new(StringComparer.Ordinal);
    private GoTopConfig _config;
    private long _written;
    private long _saved;
    private string? _fileProblem;

    public AlertsJudge(AgentServices services)
    {
        _services = services;
        _config = services.Config();
        _saved = services.Time.GetTimestamp();
        _engine = new AlertEngine(_config.AlertRules, services.Time.LocalTimeZone);
        // Of a file with a problem something may be missing: what waits for a channel that is not there is kept.
        _delivery = AlertDelivery.Open(
            services.Folder, _config.Alerts, new DeliveryParts(services.Time, services.Log, Environment.MachineName, services.ToolVersion), services.IsConfigSound(), EvidenceOf);
        _baselines = new BaselineFiles(services.Folder);
        _file = new AlertsFile(services.Folder);
        NameTargets();
    }

    /// <param name="What">As <see cref="TargetNaming.WhatOf"/> has it.</param>
    private sealed record Known(AlertTarget Target, string What);

    /// <param name="Since">Timestamp of the moment that it was known.</param>
    /// <param name="ByAge">How long before that moment a person acted upon it.</param>
    private sealed record Absence(string Reason, OperatorAction? By, TimeSpan ByAge, long Since, bool IsFirst);

    public void Observed(AgentTarget target, Observation observation)
    {
        // How it ended, and by whom, is told next. And one that the configuration does not name (any more) is nobody's.
        if (observation.Now.TargetEnded is not null || !_known.TryGetValue(target.Name, out Known? known)) return;
        _absent.Remove(target.Name);
        Look(known.Target, AlertMoment.Of(observation));
    }

    /// <summary>That it is not watched for a while changes nothing: what is down stays so until it is found.</summary>
    public void Happened(AgentEvent happened)
    {
        if (happened.Kind != AgentEventKind.Lost || !_known.ContainsKey(happened.Target.Name)) return;
        TimeSpan age = happened.By is { } by && happened.Time > by.Time ? happened.Time - by.Time : TimeSpan.Zero;
        _absent[happened.Target.Name] = new Absence(happened.Reason, happened.By, age, _services.Time.GetTimestamp(), IsFirst: false);
    }

    /// <summary>Once a second: another configuration, targets that are not there, what is due to be told or written down.</summary>
    public async Task TickAsync()
    {
        await FollowConfigAsync().ConfigureAwait(false);
        foreach ((string name, Absence absence) in _absent.ToArray()) LookAtAbsent(_known[name].Target, absence);
        ImmutableArray<RuleStatus> status = _engine.Status;
        _delivery.Look([], () => status);
        _services.Alerts.Set(status);
        if (_written == 0 || _services.Time.GetElapsedTime(_written) >= WriteEvery) WriteFile(status);
        if (_services.Time.GetElapsedTime(_saved) >= SaveEvery) SaveBaselines();
    }

    public async ValueTask DisposeAsync()
    {
        SaveBaselines();
        WriteFile(_engine.Status);
        await _delivery.DisposeAsync().ConfigureAwait(false);
    }

    private void LookAtAbsent(AlertTarget target, Absence absence)
    {
        TimeSpan gone = _services.Time.GetElapsedTime(absence.Since);
        if (absence.IsFirst && gone < PatienceAtStart) return;
        bool onPurpose = absence.By is { } by && (by.Action == ControlCatalog.Stop.Id || absence.ByAge + gone < PatienceAfterRestart);
        Look(target, new AlertMoment
        {
            Time = _services.Time.GetUtcNow(),
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

    /// <summary>Those that the configuration names and nobody has found yet are absent.</summary>
    private void NameTargets()
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (TargetSettings settings in _config.Targets)
        {
            string name = TargetNaming.NameOf(settings), what = TargetNaming.WhatOf(settings);
            named.Add(name);
            Known? before = _known.GetValueOrDefault(name);
            if (before is null || !before.Target.Labels.SequenceEqual(settings.Labels)) Know(new AlertTarget(name, settings.Labels), what);
            // Another thing of the same name is looked for as if it were new; whether the one before was there says nothing.
            if (before?.What == what) continue;
            _known[name] = _known[name] with { What = what };
            _absent[name] = new Absence("it has not been found", null, TimeSpan.Zero, _services.Time.GetTimestamp(), IsFirst: true);
        }

        foreach (string gone in _known.Keys.Except(named).ToArray())
        {
            SaveBaselines(gone);
            _known.Remove(gone);
            _absent.Remove(gone);
            _engine.Forget(gone);
        }
    }

    private void Know(AlertTarget target, string what)
    {
        bool isNew = !_known.ContainsKey(target.Name);
        _known[target.Name] = new Known(target, what);
        TargetBaselines baselines = _engine.BaselinesOf(target);
        if (isNew && _baselines.Load(target.Name, baselines) is { } problem) _services.Log.LogWarning("what was learnt of {Target} is lost: {Problem}", target.Name, problem);
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

    private AlertEvidence EvidenceOf(string target) => new(
        _services.Recordings.Of(target),
        _services.Watchdogs.Of(target) is { LastCapture: { } folder, LastRestartAt: { } at } && _services.Time.GetUtcNow() - at < CaptureIsNews ? folder : null);

    private void WriteFile(ImmutableArray<RuleStatus> status)
    {
        _written = _services.Time.GetTimestamp();
        string? problem = null;
        try
        {
            _file.Write(new AlertsState(_services.Time.GetUtcNow(), [.. status.Select(RuleStanding.Of)], _delivery.Standing(), _delivery.Channels()));
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
        _saved = _services.Time.GetTimestamp();
        foreach (string name in _known.Keys) SaveBaselines(name);
    }

    private void SaveBaselines(string name)
    {
        if (_baselines.Save(name, _engine.BaselinesOf(_known[name].Target)) is { } problem) _services.Log.LogWarning("what was learnt of {Target} is not kept: {Problem}", name, problem);
    }
}
