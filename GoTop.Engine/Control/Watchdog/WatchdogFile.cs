using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>All that is kept of the watchdogs.</summary>
public sealed record WatchdogBook(DateTimeOffset WrittenAt, ImmutableArray<WatchdogStanding> Targets);

/// <summary><c>watchdog.json</c> in the agent's folder: written in one step each time, so that a killed agent finds its restarts counted.</summary>
public sealed class WatchdogFile(string folder)
{
    private const long MostBytes = 4 << 20;

    public string Path { get; } = System.IO.Path.Combine(folder, "watchdog.json");

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(WatchdogBook book)
    {
        string next = Path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(book, WatchdogJsonContext.Default.WatchdogBook));
        // As the agent's own state: how things stand is told to everybody.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(next, Path, overwrite: true);
    }

    /// <summary>What was written last; not supported when nothing was.</summary>
    public Reading<WatchdogBook> Read()
    {
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return Reading.Failed<WatchdogBook>($"{Path} is too large");
            return JsonSerializer.Deserialize(file, WatchdogJsonContext.Default.WatchdogBook) is { Targets.IsDefault: false } book
                ? Reading.Of(book)
                : Reading.Failed<WatchdogBook>($"{Path} is empty");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Reading.NotSupported<WatchdogBook>("no target has a watchdog");
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return Reading.Failed<WatchdogBook>(PlainText.Clean($"{Path} cannot be read: {damaged.Message}", 300));
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WatchdogBook))]
internal sealed partial class WatchdogJsonContext : JsonSerializerContext;
