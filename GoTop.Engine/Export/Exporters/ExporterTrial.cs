using System.Collections.Immutable;
using GoTop.Engine.Config;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Exporters;

/// <summary>What trying an exporter needs.</summary>
public sealed record ExporterTrialParts(TimeProvider Time, ILogger Log, string ToolVersion);

/// <summary>Tries exporters once, for the command line.</summary>
public static class ExporterTrial
{
    /// <summary>Ids of the exporters that are on.</summary>
    public static ImmutableArray<string> Configured(ExportSettings settings) => [.. ExporterCatalog.All.Where(kind => kind.SettingsOf(settings) is not null).Select(kind => kind.Id)];

    /// <returns>What came of it, in a line.</returns>
    /// <exception cref="ExportException">It did not work.</exception>
    public static Task<string> RunAsync(string id, ExportSettings settings, ExporterTrialParts parts, CancellationToken cancellation) =>
        ExporterCatalog.All.First(kind => kind.Id == id).TestAsync(settings, parts, cancellation);
}
