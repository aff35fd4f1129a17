using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>Distinct sets of labels, found again by their text.</summary>
internal sealed class LabelTable
{
    private readonly Dictionary<byte[], int> _byText = new(SpanComparer<byte>.Instance);
    private readonly List<ImmutableArray<GoroutineLabel>> _sets = [];
    private long _textBytes;

    /// <summary>Goroutines whose labels are not in the form that Go prints, or were cut.</summary>
    public long Unreadable { get; set; }

    /// <summary>Goroutines whose labels were not taken in for lack of room.</summary>
    public long Beyond { get; private set; }

    public ImmutableArray<ImmutableArray<GoroutineLabel>> Sets() => [.. _sets];

    /// <param name="text">What stands between the braces.</param>
    /// <returns>−1 when they cannot be read or there is no room for them.</returns>
    public int Number(ReadOnlySpan<byte> text)
    {
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = _byText.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(text, out int known)) return known;
        if (_sets.Count >= DumpLimits.DistinctLabelSets || _textBytes + text.Length > DumpLimits.DistinctTextBytes)
        {
            Beyond++;
            return -1;
        }

        if (!LabelText.TryRead(text, out ImmutableArray<GoroutineLabel> labels))
        {
            Unreadable++;
            return -1;
        }

        _textBytes += text.Length;
        _byText.Add(text.ToArray(), _sets.Count);
        _sets.Add(labels);
        return _sets.Count - 1;
    }
}
