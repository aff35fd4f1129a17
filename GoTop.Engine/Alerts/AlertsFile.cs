using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Alerts;

/// <summary>How a rule stands with a target, for those who read it from the agent's file.</summary>
/// <param name="LooksFor">The condition in words.</param>
/// <param name="Value">As it is written, with its unit; null when there was none.</param>
public sealed record RuleStanding(
    string Rule, string Target, Severity Severity, string LooksFor, AlertPhase Phase, DateTimeOffset Since, DateTimeOffset At, string? Value, string Why,
    DateTimeOffset? NextChance, DateTimeOffset? FiredAt, int TimesFired)
{
    public static RuleStanding Of(RuleStatus status) => new(
        status.Rule.Name, status.Target, status.Rule.Severity, status.Rule.Condition.Describe(), status.Phase, status.Since, status.At,
        status.Value is { } value ? Figures.Of(status.Rule.Condition.Unit, value) : null, status.Why, status.NextChance, status.FiredAt, status.TimesFired);
}

/// <summary>All that an agent says of its alerts.</summary>
public sealed record AlertsState(DateTimeOffset WrittenAt, ImmutableArray<RuleStanding> Rules, ImmutableArray<AlertStanding> Alerts, ImmutableArray<ChannelStanding> Channels);

/// <summary><c>alerts.json</c> in the agent's folder: written by the agent alone, in one step each time, read by everybody.</summary>
public sealed class AlertsFile(string folder)
{
    private readonly StateFile<AlertsState> _file = new(
        System.IO.Path.Combine(folder, "alerts.json"), AlertsJsonContext.Default.AlertsState, 16 << 20,
        state => !state.Rules.IsDefault && !state.Alerts.IsDefault && !state.Channels.IsDefault, isForEverybody: true);

    public string Path => _file.Path;

    public FileStamp? Stamp => _file.Stamp;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(AlertsState state) => _file.Write(state);

    /// <summary>The same for whoever asks for JSON: camelCase, times as RFC 3339, words for phases.</summary>
    public static string ToJson(AlertsState state) => JsonSerializer.Serialize(state, AlertsJsonContext.Default.AlertsState);

    public Reading<AlertsState> Read() => _file.Read("no agent has judged alerts here");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AlertsState))]
internal sealed partial class AlertsJsonContext : JsonSerializerContext;
