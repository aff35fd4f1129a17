using System.Buffers.Text;
using System.Text;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>The series of one metric of requests, added up.</summary>
internal sealed class RequestFamily(string name, int pattern)
{
    private double _total;
    private double _failed;
    private double _sum;
    private long _series;
    private long _withStatus;
    private bool _isUnsound;

    public string Name { get; } = name;

    /// <summary>Its place in <see cref="RequestPatterns.All"/>: the lower, the surer.</summary>
    public int Pattern { get; } = pattern;

    public RequestPattern Form => RequestPatterns.All[Pattern];

    public HistogramSum Histogram { get; } = new();

    /// <summary>It holds counts that can be told.</summary>
    public bool IsSound => !_isUnsound && _series > 0 && _total <= long.MaxValue / 2 && (!Form.NeedsStatus || HasStatus);

    /// <summary>All of its series say how the requests ended.</summary>
    public bool HasStatus => _withStatus == _series;

    public long Total => (long)Math.Round(_total);

    public long Failed => (long)Math.Round(_failed);

    public double Sum => _sum;

    public void AddCount(in MetricSample sample)
    {
        _series++;
        if (!double.IsFinite(sample.Value) || sample.Value < 0)
        {
            _isUnsound = true;
            return;
        }

        _total += sample.Value;
        bool? failed = Form.Protocol == RequestProtocol.Http ? HttpFailed(sample) : GrpcFailed(sample);
        if (failed is null) return;
        _withStatus++;
        if (failed.Value) _failed += sample.Value;
    }

    public void AddSum(in MetricSample sample)
    {
        if (double.IsFinite(sample.Value)) _sum += sample.Value;
        else _isUnsound = true;
    }

    public void AddBucket(double upperBound, double cumulativeCount) => Histogram.Add(upperBound, cumulativeCount);

    /// <summary>Null when the series does not tell the status.</summary>
    private static bool? HttpFailed(in MetricSample sample)
    {
        foreach (byte[] label in RequestPatterns.HttpStatusLabels)
        {
            if (!sample.TryGetLabel(label, out ReadOnlySpan<byte> status)) continue;
            // 503, or the class 5xx.
            if (status.Length != 3 || status[0] is < (byte)'1' or > (byte)'5') continue;
            bool isClass = Ascii.EqualsIgnoreCase(status[1..], "xx"u8);
            if (isClass || (char.IsAsciiDigit((char)status[1]) && char.IsAsciiDigit((char)status[2]))) return status[0] == (byte)'5';
        }

        return null;
    }

    private static bool? GrpcFailed(in MetricSample sample)
    {
        foreach (byte[] label in RequestPatterns.GrpcStatusLabels)
        {
            if (!sample.TryGetLabel(label, out ReadOnlySpan<byte> status)) continue;
            if (Utf8Parser.TryParse(status, out int code, out int used) && used == status.Length) return code is 2 or 4 or 12 or 13 or 14 or 15;
            // Unknown or UNKNOWN, DeadlineExceeded or DEADLINE_EXCEEDED.
            string name = Encoding.UTF8.GetString(status).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
            return name is "UNKNOWN" or "DEADLINEEXCEEDED" or "UNIMPLEMENTED" or "INTERNAL" or "UNAVAILABLE" or "DATALOSS";
        }

        return null;
    }
}
