using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Export.Push;

namespace GoTop.Engine.Export.Exporters;

/// <summary>A way to export.</summary>
/// <param name="Id">As its table <c>[export.ID]</c> and the command line call it.</param>
/// <param name="SettingsOf">Null when it is off; equal to others that say the same.</param>
/// <param name="TestAsync">Tries it once; what came of it, in a line. Throws an <see cref="ExportException"/> when it did not work.</param>
internal sealed record ExporterKind(
    string Id, Func<ExportSettings, object?> SettingsOf, Func<ExportSettings, ExportParts, IExporter> Create, Func<ExportSettings, ExporterTrialParts, CancellationToken, Task<string>> TestAsync);

/// <summary>Every way to export. A new one is a line here, a table in the configuration and a folder.</summary>
internal static class ExporterCatalog
{
    public const string Prometheus = "prometheus";
    public const string Otlp = "otlp";
    public const string Push = "push";

    public static ImmutableArray<ExporterKind> All { get; } =
    [
        new(
            Prometheus, settings => settings.Prometheus, (settings, parts) => new PrometheusExporter(settings.Prometheus!, parts),
            (settings, parts, cancellation) => PrometheusTest.RunAsync(settings.Prometheus!, cancellation)),
        new(
            Otlp, settings => settings.Otlp, (settings, parts) => new OtlpExporter(settings.Otlp!, parts, ExportRetry.FirstPause),
            (settings, parts, cancellation) => OtlpTest.RunAsync(settings.Otlp!, parts, cancellation)),
        new(
            Push, settings => settings.Push, (settings, parts) => new PushExporter(settings.Push!, parts, ExportRetry.FirstPause),
            (settings, parts, cancellation) => PushTest.RunAsync(settings.Push!, parts, cancellation)),
    ];
}
