using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Delivery;

public enum AlertState : byte
{
    Firing,
    Resolved,
}

/// <summary>Files that say more of an alert.</summary>
/// <param name="Recording">The recording of the target's present life, or of its last one; null when it is not recorded.</param>
/// <param name="Folder">What was captured before the watchdog restarted it; null when nothing was lately.</param>
public sealed record AlertEvidence(string? Recording, string? Folder)
{
    public static AlertEvidence None { get; } = new(null, null);
}

/// <summary>One alert as it is told: it fires, still fires, or is over. All texts are cleaned and short.</summary>
public sealed record AlertItem
{
    internal const int LongestName = 200;
    private const int LongestWhy = 500;
    private const int LongestPath = 400;

    public required string Id { get; init; }

    public required string Rule { get; init; }

    public required Severity Severity { get; init; }

    public required AlertState State { get; init; }

    public required string Target { get; init; }

    /// <summary>The target's version, when known.</summary>
    public string? Build { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>When this was said.</summary>
    public required DateTimeOffset At { get; init; }

    public double? Value { get; init; }

    /// <summary>Value and limit in words.</summary>
    public required string Why { get; init; }

    public string? Advice { get; init; }

    public string? Recording { get; init; }

    public string? EvidenceFolder { get; init; }

    /// <summary>1 for the first time, more while it goes on.</summary>
    public int Telling { get; init; } = 1;

    public bool IsResolved => State == AlertState.Resolved;

    /// <summary>How long it has fired, or did.</summary>
    public TimeSpan Lasted => At > FiredAt ? At - FiredAt : TimeSpan.Zero;

    /// <summary>The command that shows the target.</summary>
    public string Look => $"gotop {(Target.Contains(' ', StringComparison.Ordinal) ? $"\"{Target}\"" : Target)}";

    internal static AlertItem Of(string id, DateTimeOffset firedAt, RuleStatus status, string? build, AlertState state, AlertEvidence evidence, DateTimeOffset now) => new()
    {
        Id = PlainText.Clean(id, LongestPath),
        Rule = PlainText.Clean(status.Rule.Name, LongestName),
        Severity = status.Rule.Severity,
        State = state,
        Target = PlainText.Clean(status.Target, LongestName),
        Build = build is null ? null : PlainText.Clean(build, LongestName),
        FiredAt = firedAt,
        At = now,
        Value = status.Value is { } value && double.IsFinite(value) ? value : null,
        Why = PlainText.Clean(status.Why, LongestWhy),
        Advice = status.Rule.Advice is { } advice ? PlainText.Clean(advice, LongestWhy) : null,
        Recording = evidence.Recording is { } recording ? PlainText.Clean(recording, LongestPath) : null,
        EvidenceFolder = evidence.Folder is { } folder ? PlainText.Clean(folder, LongestPath) : null,
    };
}
