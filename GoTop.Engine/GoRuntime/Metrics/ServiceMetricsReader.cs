using System.Buffers.Text;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>Takes from a page of metrics what tells of the Go runtime, the process and the service's requests. For one page.</summary>
public sealed class ServiceMetricsReader : IExpositionReader
{
    // What Wants gives: a kind above, the number within it below.
    private const int Figure = 0, Bucket = 1 << 16, Version = 2 << 16, FamilyCount = 3 << 16, FamilySum = 4 << 16, FamilyBucket = 5 << 16, Kinds = ~0xffff;

    private readonly double?[] _figures = new double?[Enum.GetValues<RuntimeMetric>().Length];
    private readonly HistogramSum[] _histograms = [.. Enum.GetValues<RuntimeHistogram>().Select(_ => new HistogramSum())];
    private readonly Dictionary<string, int> _familyByName = new(StringComparer.Ordinal);
    private readonly List<RequestFamily> _families = [];
    private readonly HashSet<string> _gauges = new(StringComparer.Ordinal);

    internal IReadOnlyList<RequestFamily> Families => _families;

    /// <summary>go_info's version.</summary>
    internal string? GoVersion { get; private set; }

    /// <summary>Any figure of the Go runtime stood on the page.</summary>
    internal bool HasRuntime { get; private set; }

    internal double? this[RuntimeMetric metric] => _figures[(int)metric];

    internal HistogramSum this[RuntimeHistogram histogram] => _histograms[(int)histogram];

    public void TakeType(ReadOnlySpan<byte> family, ReadOnlySpan<byte> type)
    {
        // A name that ends as a counter's does is no counter when the page says so.
        bool isCumulative = type.SequenceEqual("counter"u8) || type.SequenceEqual("histogram"u8) || type.SequenceEqual("summary"u8) || type.SequenceEqual("unknown"u8) || type.SequenceEqual("untyped"u8);
        if (!isCumulative && _gauges.Count < ExpositionLimits.RequestFamilies && family.IndexOf("request"u8) >= 0) _gauges.Add(Encoding.UTF8.GetString(family));
    }

    public int Wants(ReadOnlySpan<byte> name)
    {
        if (name.Length > 200) return -1;
        string text = Encoding.UTF8.GetString(name);
        if (RuntimeMetricNames.All.TryGetValue(text, out RuntimeMetric metric)) return Figure | (int)metric;
        if (RuntimeHistogramNames.All.TryGetValue(text, out RuntimeHistogram histogram)) return Bucket | (int)histogram;
        if (text == "go_info") return Version;
        return WantsFamily(text);
    }

    public void Take(int wanted, in MetricSample sample)
    {
        int number = wanted & ~Kinds;
        switch (wanted & Kinds)
        {
            case Figure:
                // The first name that gives it stands; a figure is one series.
                _figures[number] ??= double.IsFinite(sample.Value) || number == (int)RuntimeMetric.MemoryLimit ? sample.Value : null;
                HasRuntime |= number < (int)RuntimeMetric.ProcessCpuSeconds;
                break;
            case Bucket:
                HasRuntime = true;
                _histograms[number].Add(UpperBound(sample), sample.Value);
                break;
            case Version:
                if (sample.TryGetLabel("version"u8, out ReadOnlySpan<byte> version)) GoVersion = PlainText.Clean(Encoding.UTF8.GetString(version[..Math.Min(version.Length, 100)]), 60);
                break;
            case FamilyCount:
                _families[number].AddCount(sample);
                break;
            case FamilySum:
                _families[number].AddSum(sample);
                break;
            case FamilyBucket:
                _families[number].AddBucket(UpperBound(sample), sample.Value);
                break;
        }
    }

    private int WantsFamily(string name)
    {
        (string family, int kind) = name switch
        {
            _ when name.EndsWith("_count", StringComparison.Ordinal) => (name[..^"_count".Length], FamilyCount),
            _ when name.EndsWith("_sum", StringComparison.Ordinal) => (name[..^"_sum".Length], FamilySum),
            _ when name.EndsWith("_bucket", StringComparison.Ordinal) => (name[..^"_bucket".Length], FamilyBucket),
            _ => (name, FamilyCount),
        };
        if (!_familyByName.TryGetValue(family, out int number))
        {
            int pattern = RequestPatterns.Find(family);
            // A duration's own name is that of a summary's quantiles, a counter has none of these suffixes.
            if (pattern < 0 || RequestPatterns.All[pattern].NanosecondsOfUnit > 0 == (family == name) || _gauges.Contains(family) || _families.Count == ExpositionLimits.RequestFamilies) return -1;
            number = _families.Count;
            _families.Add(new RequestFamily(family, pattern));
            _familyByName.Add(family, number);
        }
        else if (RequestPatterns.All[_families[number].Pattern].NanosecondsOfUnit > 0 == (family == name))
        {
            return -1;
        }

        return kind | number;
    }

    private static double UpperBound(in MetricSample sample)
    {
        if (!sample.TryGetLabel("le"u8, out ReadOnlySpan<byte> le)) return double.NaN;
        if (Utf8Parser.TryParse(le, out double bound, out int used) && used == le.Length) return bound;
        return Ascii.EqualsIgnoreCase(le, "+Inf"u8) ? double.PositiveInfinity : double.NaN;
    }
}
