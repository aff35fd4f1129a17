using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Export.Metrics;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>Labels as they are written between braces.</summary>
internal static class PrometheusLabels
{
    /// <summary>What labels of gotop.toml must not be called: those mean something else here, or to Prometheus.</summary>
    private static readonly ImmutableHashSet<string> Taken = ["job", "instance", "le", "quantile", PrometheusText.TargetLabel, .. ExportedAttributes.OwnNames.Select(Name), .. ExportedAttributes.LabelsOfPoints];

    /// <summary>The target's name, and its labels of gotop.toml.</summary>
    public static string Of(ExportedTarget target)
    {
        StringBuilder text = new();
        Append(text, PrometheusText.TargetLabel, target.Name);
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach ((string key, string value) in target.Labels)
        {
            string name = Name(key);
            if (Taken.Contains(name) || name.StartsWith("__", StringComparison.Ordinal)) name = "label_" + name.TrimStart('_');
            // Two may become the same: "a.b" and "a-b".
            while (!used.Add(name)) name += "_";
            Append(text, name, value);
        }

        return text.ToString();
    }

    public static string Of(ImmutableArray<MetricLabel> labels)
    {
        StringBuilder text = new();
        foreach (MetricLabel label in labels) Append(text, label.Prometheus, label.Value);
        return text.ToString();
    }

    public static string InfoOf(ExportedTarget target, ExportedHost host) => Of([.. ExportedAttributes.Of(target, host).Where(label => label.Otel != ExportedAttributes.ServiceName)]);

    public static string AgentOf(ExportView view) => Of([new MetricLabel("", "version", view.ToolVersion), .. ExportedAttributes.Of(view.Host)]);

    public static string Join(string one, string other) => one.Length == 0 ? other : other.Length == 0 ? one : $"{one},{other}";

    /// <summary>A name of letters, digits and underscores that begins with no digit.</summary>
    internal static string Name(string text)
    {
        string name = string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0) text.Append(',');
        text.Append(name).Append("=\"");
        foreach (char letter in value)
        {
            switch (letter)
            {
                case '\\': text.Append("\\\\"); break;
                case '"': text.Append("\\\""); break;
                case '\n': text.Append("\\n"); break;
                default: text.Append(letter); break;
            }
        }

        text.Append('"');
    }
}
