using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export.Metrics;

/// <summary>
/// The figures that no other line tells, as gauges, by a rule: <c>go.gcAssistPercent</c> becomes <c>gotop.go.gc_assist</c> in <c>1</c> and
/// <c>gotop_go_gc_assist_ratio</c>. So a new figure is exported without another word.
/// </summary>
internal static class FigureRows
{
    private const string HostGroup = "host.";

    private const string Percent = "Percent";

    private static readonly (string Suffix, string Unit, string Prometheus, double Divisor)[] Units =
    [
        // Longer ones first.
        ("BytesPerSecond", "By/s", "_bytes_per_second", 1),
        ("PerSecond", "1/s", "_per_second", 1),
        ("Nanoseconds", "s", "_seconds", 1e9),
        (Percent, "1", "_ratio", 100),
        ("Bytes", "By", "_bytes", 1),
        ("", "1", "", 1),
    ];

    /// <param name="told">Names of those that have a line of their own.</param>
    public static ImmutableArray<ExportedMetric> Without(IEnumerable<string> told)
    {
        HashSet<string> others = [.. told];
        return [.. FigureCatalog.All.Where(figure => !others.Contains(figure.Name)).Select(Of)];
    }

    private static ExportedMetric Of(NamedFigure figure)
    {
        (string suffix, string unit, string ending, double divisor) = Units.First(one => figure.Name.EndsWith(one.Suffix, StringComparison.Ordinal));
        string name = SnakeCase(figure.Name[..^suffix.Length]);
        return new ExportedMetric(
            figure.Name.StartsWith(HostGroup, StringComparison.Ordinal) ? MetricScope.Host : MetricScope.Target, MetricKind.Gauge,
            "gotop." + name + (suffix.EndsWith("PerSecond", StringComparison.Ordinal) ? ".rate" : ""), unit, "gotop_" + name.Replace('.', '_') + ending, suffix == Percent ? OfOne(figure.Meaning) : figure.Meaning,
            target => target.Now is { } now ? Rows.Point(figure.Select(now).Select(value => value / divisor)) : [])
        {
            Figures = [figure.Name],
            IsByRule = true,
        };
    }

    /// <summary>The figure's meaning speaks of per cent.</summary>
    private static string OfOne(string meaning) => meaning
        .Replace("0 to 100", "0 to 1", StringComparison.Ordinal).Replace("; 100 is", "; 1 is", StringComparison.Ordinal)
        .Replace("per cent of", "as a share of", StringComparison.Ordinal).Replace("may pass 100", "may pass 1", StringComparison.Ordinal);

    private static string SnakeCase(string name)
    {
        StringBuilder snake = new(name.Length + 8);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter)) snake.Append('_').Append(char.ToLowerInvariant(letter));
            else snake.Append(letter);
        }

        return snake.ToString();
    }
}
