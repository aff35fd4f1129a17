using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>All that is kept of the watchdogs.</summary>
public sealed record WatchdogBook(DateTimeOffset WrittenAt, ImmutableArray<WatchdogStanding> Targets);

/// <summary><c>watchdog.json</c> in the agent's folder: written in one step each time, so that a killed agent finds its restarts counted.</summary>
public sealed class WatchdogFile(string folder)
{
    private readonly StateFile<WatchdogBook> _file = new(
        System.IO.Path.Combine(folder, "watchdog.json"), WatchdogJsonContext.Default.WatchdogBook, 4 << 20, book => !book.Targets.IsDefault, isForEverybody: true);

    public string Path => _file.Path;

    public FileStamp? Stamp => _file.Stamp;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(WatchdogBook book) => _file.Write(book);

    /// <summary>What was written last; not supported when nothing was.</summary>
    public Reading<WatchdogBook> Read() => _file.Read("no target has a watchdog");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WatchdogBook))]
internal sealed partial class WatchdogJsonContext : JsonSerializerContext;
