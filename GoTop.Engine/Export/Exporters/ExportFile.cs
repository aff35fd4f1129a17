using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Exporters;

/// <summary>How all exporters of an agent stand.</summary>
public sealed record ExportState(DateTimeOffset WrittenAt, ImmutableArray<ExporterStanding> Exporters)
{
    /// <summary>An agent that runs writes it every 5 s.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(30);

    /// <summary>What it tells may not hold any more, though the agent runs.</summary>
    public bool IsOld(DateTimeOffset now) => now - WrittenAt > Oldest;
}

/// <summary><c>export.json</c> in the agent's folder: written by the agent alone, in one step each time, read by everybody.</summary>
public sealed class ExportFile(string folder)
{
    private const long MostBytes = 1 << 20;

    public string Path { get; } = System.IO.Path.Combine(folder, "export.json");

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(ExportState state)
    {
        string next = Path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, ExportStateJsonContext.Default.ExportState));
        File.Move(next, Path, overwrite: true);
    }

    public static string ToJson(ExportState state) => JsonSerializer.Serialize(state, ExportStateJsonContext.Default.ExportState);

    public Reading<ExportState> Read()
    {
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return Reading.Failed<ExportState>($"{Path} is too large to be an agent's state");
            return JsonSerializer.Deserialize(file, ExportStateJsonContext.Default.ExportState) is { } state ? Reading.Of(state) : Reading.Failed<ExportState>($"{Path} is empty");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Reading.NotSupported<ExportState>("no agent has exported here");
        }
        catch (UnauthorizedAccessException refused)
        {
            return Reading.Denied<ExportState>(PlainText.Clean(refused.Message, 300));
        }
        catch (Exception damaged) when (damaged is IOException or JsonException or NotSupportedException)
        {
            return Reading.Failed<ExportState>(PlainText.Clean($"{Path} cannot be read: {damaged.Message}", 300));
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExportState))]
internal sealed partial class ExportStateJsonContext : JsonSerializerContext;
