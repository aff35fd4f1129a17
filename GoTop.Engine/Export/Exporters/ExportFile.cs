using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Export.Exporters;

/// <summary>How all exporters of an agent stand.</summary>
public sealed record ExportState(DateTimeOffset WrittenAt, ImmutableArray<ExporterStanding> Exporters)
{
    /// <summary>An agent that exports writes it every 5 s.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(30);

    /// <summary>What it tells may not hold any more, though the agent runs. That nothing is exported is written once and holds.</summary>
    public bool IsOld(DateTimeOffset now) => !Exporters.IsEmpty && now - WrittenAt > Oldest;
}

/// <summary><c>export.json</c> in the agent's folder: written by the agent alone, in one step each time, read by everybody.</summary>
public sealed class ExportFile(string folder)
{
    private readonly StateFile<ExportState> _file = new(
        System.IO.Path.Combine(folder, "export.json"), ExportStateJsonContext.Default.ExportState, 1 << 20, state => !state.Exporters.IsDefault, isForEverybody: true);

    public string Path => _file.Path;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(ExportState state) => _file.Write(state);

    public static string ToJson(ExportState state) => JsonSerializer.Serialize(state, ExportStateJsonContext.Default.ExportState);

    public Reading<ExportState> Read() => _file.Read("no agent has exported here");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExportState))]
internal sealed partial class ExportStateJsonContext : JsonSerializerContext;
