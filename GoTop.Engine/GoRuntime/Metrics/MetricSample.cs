namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>One line with a value. Good only while it is handed over.</summary>
public readonly ref struct MetricSample
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<LabelRange> _labels;

    internal MetricSample(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ReadOnlySpan<LabelRange> labels, double value)
    {
        _line = line;
        _labels = labels;
        Name = name;
        Value = value;
    }

    /// <summary>With its suffix: <c>http_request_duration_seconds_bucket</c>.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>May be NaN or infinite.</summary>
    public double Value { get; }

    /// <param name="value">As it is written: escapes in it stand.</param>
    public bool TryGetLabel(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (LabelRange label in _labels)
        {
            if (!_line.Slice(label.NameAt, label.NameLength).SequenceEqual(name)) continue;
            value = _line.Slice(label.ValueAt, label.ValueLength);
            return true;
        }

        value = default;
        return false;
    }
}

internal readonly record struct LabelRange(int NameAt, int NameLength, int ValueAt, int ValueLength);
