using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>A whole page of metrics of one moment: what is known of the service, and what else the page is made of.</summary>
/// <param name="Service">Cumulative, since the service's start.</param>
/// <param name="Families">Those with the most series first.</param>
public sealed record ExposedMetrics(ServiceCounters Service, RuntimeCounters Runtime, ImmutableArray<MetricFamily> Families, long Series)
{
    /// <exception cref="FormatException">It is none, damaged, or beyond <see cref="ExpositionLimits"/>; the message names the line.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static ExposedMetrics Read(Stream text, CancellationToken cancellation = default)
    {
        const string Title = "the page";
        ServiceMetricsReader service = new();
        FamilyCounter families = new(service);
        ExpositionParser parser = new(families);
        byte[] part = new byte[64 * 1024];
        for (int read; (read = text.Read(part)) > 0 && parser.Push(part.AsSpan(0, read));) cancellation.ThrowIfCancellationRequested();
        if (parser.Finish() is { } error) throw new FormatException(error);
        return new ExposedMetrics(ServiceMetrics.Service(service, Title), ServiceMetrics.Runtime(service, Title), families.Families(), parser.Samples);
    }

    /// <summary>Counts families while it hands everything on.</summary>
    private sealed class FamilyCounter(ServiceMetricsReader service) : IExpositionReader
    {
        private static readonly string[] Suffixes = ["_bucket", "_sum", "_count", "_total", "_created", "_info"];

        private readonly Dictionary<string, (string? Type, long Series)> _families = new(StringComparer.Ordinal);
        private string _family = "";
        private int _wanted;

        public ImmutableArray<MetricFamily> Families() =>
        [
            .. _families.Select(family => new MetricFamily(PlainText.Clean(family.Key, 200), family.Value.Type, family.Value.Series))
                .OrderByDescending(family => family.Series).ThenBy(family => family.Name, StringComparer.Ordinal),
        ];

        public void TakeType(ReadOnlySpan<byte> family, ReadOnlySpan<byte> type)
        {
            string name = Encoding.UTF8.GetString(family);
            if (_families.Count < ExpositionLimits.Families) _families[name] = (PlainText.Clean(Encoding.UTF8.GetString(type), 20), _families.GetValueOrDefault(name).Series);
            service.TakeType(family, type);
        }

        public int Wants(ReadOnlySpan<byte> name)
        {
            _wanted = service.Wants(name);
            string text = Encoding.UTF8.GetString(name);
            string? suffix = Suffixes.FirstOrDefault(end => text.EndsWith(end, StringComparison.Ordinal) && _families.ContainsKey(text[..^end.Length]));
            _family = suffix is null || _families.ContainsKey(text) ? text : text[..^suffix.Length];
            return 0;
        }

        public void Take(int wanted, in MetricSample sample)
        {
            (string? type, long series) = _families.GetValueOrDefault(_family);
            if (series > 0 || _families.Count < ExpositionLimits.Families || _families.ContainsKey(_family)) _families[_family] = (type, series + 1);
            if (_wanted >= 0) service.Take(_wanted, sample);
        }
    }
}

/// <param name="Type">As the page declares it; null where it does not.</param>
/// <param name="Series">Lines with a value: of a histogram each bucket is one.</param>
public sealed record MetricFamily(string Name, string? Type, long Series);
