using GoTop.Engine.Export.Metrics;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop export metrics</c>.</summary>
internal static class ExportMetricsCommand
{
    public static int Run(CliContext context, bool markdown)
    {
        if (markdown)
        {
            context.Output.Write(ExportedMetrics.ToMarkdown());
            return ExitCode.Done;
        }

        foreach (ExportedMetric metric in ExportedMetrics.All)
            context.Output.WriteLine($"{metric.Otel ?? "",-38} {(metric.Otel is null ? "" : metric.Unit),-18} {metric.Prometheus ?? "",-46} {metric.Help}");
        return ExitCode.Done;
    }
}
