using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

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
    private const long MostBytes = 16 << 20;

    public string Path { get; } = System.IO.Path.Combine(folder, "alerts.json");

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(AlertsState state)
    {
        string next = Path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, AlertsJsonContext.Default.AlertsState));
        File.Move(next, Path, overwrite: true);
    }

    /// <summary>The same for whoever asks for JSON: camelCase, times as RFC 3339, words for phases.</summary>
    public static string ToJson(AlertsState state) => JsonSerializer.Serialize(state, AlertsJsonContext.Default.AlertsState);

    public Reading<AlertsState> Read()
    {
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return Reading.Failed<AlertsState>($"{Path} is too large to be an agent's state");
            return JsonSerializer.Deserialize(file, AlertsJsonContext.Default.AlertsState) is { } state ? Reading.Of(state) : Reading.Failed<AlertsState>($"{Path} is empty");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Reading.NotSupported<AlertsState>("no agent has judged alerts here");
        }
        catch (UnauthorizedAccessException refused)
        {
            return Reading.Denied<AlertsState>(PlainText.Clean(refused.Message, 300));
        }
        catch (Exception damaged) when (damaged is IOException or JsonException or NotSupportedException)
        {
            return Reading.Failed<AlertsState>(PlainText.Clean($"{Path} cannot be read: {damaged.Message}", 300));
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AlertsState))]
internal sealed partial class AlertsJsonContext : JsonSerializerContext;
