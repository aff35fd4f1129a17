using System.Buffers;
using System.Globalization;
using System.Text;
using GoTop.Engine.Export.Metrics;

namespace GoTop.Engine.Export.Prometheus;

public enum PrometheusFormat : byte
{
    /// <summary>Version 0.0.4 of Prometheus' own text format.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.</summary>
    OpenMetrics,
}

/// <summary>
/// Writes a moment as a page for Prometheus. Both formats: https://prometheus.io/docs/instrumenting/exposition_formats/ and
/// https://prometheus.io/docs/specs/om/open_metrics_spec/. No value carries a time, so that series of targets that are gone go stale at once.
/// </summary>
public static class PrometheusText
{
    /// <summary>Not <c>job</c> or <c>instance</c>, which say of whom Prometheus scraped it: of the agent.</summary>
    public const string TargetLabel = "service_name";

    private const string Total = "_total";
    private static readonly string[] UnitsOfOpenMetrics = ["seconds", "bytes", "ratio"];

    public static byte[] Write(ExportView view, PrometheusFormat format)
    {
        Page page = new(format);
        Dictionary<string, string> labels = view.Targets.ToDictionary(target => target.Name, PrometheusLabels.Of, StringComparer.Ordinal);
        ExportedTarget? host = view.HostFacts;
        foreach (ExportedMetric metric in ExportedMetrics.All)
        {
            if (metric.Prometheus is not { } name) continue;
            bool begun = false;
            if (metric.Scope == MetricScope.Host)
            {
                if (host is not null) Add(host, "");
            }
            else
            {
                foreach (ExportedTarget target in view.Targets) Add(target, labels[target.Name]);
            }

            void Add(ExportedTarget target, string own)
            {
                foreach (MetricPoint point in view.Read(metric, target))
                {
                    if (!begun) page.Begin(name, metric);
                    begun = true;
                    page.Add(name, own, point, metric.Kind);
                }
            }
        }

        page.AddInfo("gotop_target_info", "who the targets are", view.Targets.Where(target => target.Now is not null).Select(target => (labels[target.Name], PrometheusLabels.InfoOf(target, view.Host))));
        page.AddInfo("gotop_agent_info", "the agent that tells all this", [("", PrometheusLabels.AgentOf(view))]);
        return page.End();
    }

    /// <summary>What belongs into the headers of the answer.</summary>
    public static string ContentType(PrometheusFormat format) =>
        format == PrometheusFormat.OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="accept">The request's header; the format with the higher weight is taken, OpenMetrics of two equal ones.</param>
    public static PrometheusFormat Choose(string? accept)
    {
        double open = 0, text = 0;
        foreach (string part in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(50))
        {
            string[] fields = part.Split(';', StringSplitOptions.TrimEntries);
            double weight = 1;
            foreach (string field in fields.Skip(1))
            {
                if (field.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && double.TryParse(field.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double q)) weight = q;
            }

            bool otherVersion = fields.Any(field => field.StartsWith("version=", StringComparison.OrdinalIgnoreCase) && field is not ("version=1.0.0" or "version=0.0.1" or "version=0.0.4"));
            if (fields[0].Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && !otherVersion) open = Math.Max(open, weight);
            else if (fields[0] is "text/plain" or "text/*" or "*/*") text = Math.Max(text, weight);
        }

        return open > 0 && open >= text ? PrometheusFormat.OpenMetrics : PrometheusFormat.Text;
    }

    private sealed class Page(PrometheusFormat format)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
        private readonly StringBuilder _line = new();

        private bool IsOpen => format == PrometheusFormat.OpenMetrics;

        public void Begin(string name, ExportedMetric metric) => Begin(name, TypeOf(metric.Kind), metric.Help);

        public void Add(string name, string own, MetricPoint point, MetricKind kind)
        {
            string labels = PrometheusLabels.Join(own, PrometheusLabels.Of(point.Labels));
            if (point.Histogram is not { } histogram)
            {
                Sample(name, labels, point.Value);
                return;
            }

            if (kind == MetricKind.Histogram)
            {
                long upTo = 0;
                for (int i = 0; i < histogram.Counts.Length; i++)
                {
                    upTo = MetricHistogram.Plus(upTo, histogram.Counts[i]);
                    double bound = i < histogram.UpperBounds.Length ? histogram.UpperBounds[i] : double.PositiveInfinity;
                    Sample(name + "_bucket", PrometheusLabels.Join(labels, $"le=\"{Number(bound, isBound: IsOpen)}\""), upTo);
                }
            }

            if (histogram.Sum is { } sum) Sample(name + "_sum", labels, sum);
            // OpenMetrics wants both or neither.
            if (histogram.Sum is not null || !IsOpen) Sample(name + "_count", labels, histogram.Count);
        }

        /// <summary>One series of value 1 for each, which tells by its labels.</summary>
        public void AddInfo(string name, string help, IEnumerable<(string Own, string More)> all)
        {
            bool begun = false;
            foreach ((string own, string more) in all)
            {
                if (!begun) Begin(name, "gauge", help);
                begun = true;
                Sample(name, PrometheusLabels.Join(own, more), 1);
            }
        }

        public byte[] End()
        {
            if (IsOpen) Line("# EOF");
            return _bytes.WrittenSpan.ToArray();
        }

        private void Begin(string name, string type, string help)
        {
            // A counter's family has no _total in OpenMetrics, and one in the older format.
            string family = IsOpen && name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
            Line($"# TYPE {family} {type}");
            if (IsOpen && UnitsOfOpenMetrics.FirstOrDefault(unit => family.EndsWith("_" + unit, StringComparison.Ordinal)) is { } unit) Line($"# UNIT {family} {unit}");
            Line($"# HELP {family} {EscapeHelp(help)}");
        }

        private void Sample(string name, string labels, double value)
        {
            _line.Clear().Append(name);
            if (labels.Length > 0) _line.Append('{').Append(labels).Append('}');
            Line(_line.Append(' ').Append(Number(value)).ToString());
        }

        private void Line(string text)
        {
            Encoding.UTF8.GetBytes(text, _bytes);
            _bytes.Write("\n"u8);
        }

        private string EscapeHelp(string help)
        {
            help = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            return IsOpen ? help.Replace("\"", "\\\"", StringComparison.Ordinal) : help;
        }

        private static string TypeOf(MetricKind kind) => kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            MetricKind.Summary => "summary",
            _ => "gauge",
        };
    }

    /// <summary>As Go's strconv reads it.</summary>
    /// <param name="isBound">OpenMetrics writes bounds with a fraction, so that they are the same text everywhere.</param>
    internal static string Number(double value, bool isBound = false)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return isBound && !text.AsSpan().ContainsAny('.', 'E') ? text + ".0" : text;
    }
}
