using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using GoTop.Engine.GoRuntime.Metrics;

namespace GoTop.Engine.Fleet.Urls;

/// <summary>Takes from a page of metrics what the fleet shows. It is used for page after page and makes no text for lines or names.</summary>
internal sealed class FleetPageReader : IExpositionReader
{
    private const int Version = 1 << 16, Build = 2 << 16, Latency = 3 << 16, LongestName = 120, LongestLabel = 200;

    private static readonly FrozenDictionary<string, RuntimeMetric>.AlternateLookup<ReadOnlySpan<char>> Names = RuntimeMetricNames.All.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The page's figures; rates are not among them.</summary>
    public FleetRaw Raw { get; } = new();

    public LatencyBuckets Latencies { get; } = new();

    /// <summary>go_info's version; empty when the page has none. As the page wrote it, so not clean.</summary>
    public LabelText GoVersion { get; } = new();

    /// <summary>go_build_info's version of the main module, and its path.</summary>
    public LabelText ModuleVersion { get; } = new();

    public LabelText ModulePath { get; } = new();

    /// <summary>Forgets the page before.</summary>
    public void Begin()
    {
        Raw.Clear();
        Latencies.Clear();
        GoVersion.Clear();
        ModuleVersion.Clear();
        ModulePath.Clear();
    }

    public void TakeType(ReadOnlySpan<byte> family, ReadOnlySpan<byte> type)
    {
    }

    public int Wants(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName || (!name.StartsWith("go_"u8) && !name.StartsWith("process_"u8))) return -1;
        if (name.SequenceEqual("go_info"u8)) return Version;
        if (name.SequenceEqual("go_build_info"u8)) return Build;
        if (name.SequenceEqual("go_sched_latencies_seconds_bucket"u8) || name.SequenceEqual("go_schedule_duration_seconds_bucket"u8)) return Latency;
        Span<char> text = stackalloc char[LongestName];
        return Encoding.UTF8.TryGetChars(name, text, out int length) && Names.TryGetValue(text[..length], out RuntimeMetric metric) ? (int)metric : -1;
    }

    public void Take(int wanted, in MetricSample sample)
    {
        switch (wanted)
        {
            case Version:
                if (sample.TryGetLabel("version"u8, out ReadOnlySpan<byte> version)) GoVersion.Set(version);
                break;
            case Build:
                if (sample.TryGetLabel("version"u8, out ReadOnlySpan<byte> module)) ModuleVersion.Set(module);
                if (sample.TryGetLabel("path"u8, out ReadOnlySpan<byte> path)) ModulePath.Set(path);
                break;
            case Latency:
                if (sample.TryGetLabel("le"u8, out ReadOnlySpan<byte> le)) Latencies.Add(UpperBound(le), sample.Value);
                break;
            default:
                // The first of several names or series of a figure stands.
                if (double.IsNaN(Raw[(RuntimeMetric)wanted])) Raw[(RuntimeMetric)wanted] = sample.Value;
                break;
        }
    }

    private static double UpperBound(ReadOnlySpan<byte> le) =>
        Utf8Parser.TryParse(le, out double bound, out int used) && used == le.Length ? bound : Ascii.EqualsIgnoreCase(le, "+Inf"u8) ? double.PositiveInfinity : double.NaN;

    /// <summary>A label's value kept as bytes, since it is nearly always the one of the time before.</summary>
    internal sealed class LabelText
    {
        private readonly byte[] _bytes = new byte[LongestLabel];
        private int _length;

        public bool IsEmpty => _length == 0;

        public void Clear() => _length = 0;

        public void Set(ReadOnlySpan<byte> text)
        {
            _length = Math.Min(text.Length, LongestLabel);
            text[.._length].CopyTo(_bytes);
        }

        /// <summary>The known text if it says the same, else a new one; null when there is none.</summary>
        public string? Take(string? known)
        {
            if (_length == 0) return null;
            Span<char> text = stackalloc char[LongestLabel];
            int length = Encoding.UTF8.GetChars(_bytes.AsSpan(0, _length), text);
            return known is not null && text[..length].SequenceEqual(known) ? known : Model.PlainText.Clean(text[..length], 80);
        }
    }
}
