using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>Durations by name. The names are the program's, so what there are too many of is put together.</summary>
internal sealed class NamedDigests
{
    private const int MaxNames = 2048;

    // Numbers of names are dense, and those of what is told often come early.
    private DurationDigest?[] _digests = new DurationDigest?[64];
    private int _count;

    public DurationDigest this[int name] => Find(name) ?? Add(name);

    /// <summary>Null when there is none of that name.</summary>
    public DurationDigest? Find(int name)
    {
        DurationDigest?[] digests = _digests;
        return (uint)name < (uint)digests.Length ? digests[name] : null;
    }

    /// <summary>By total time, most first.</summary>
    public ImmutableArray<NamedDurations> Summaries(TraceNames names) =>
    [
        .. _digests.Index().Where(each => each.Item is not null).Select(each => new NamedDurations(names[each.Index], each.Item!.Summary))
            .OrderByDescending(each => each.Durations.TotalNanoseconds).ThenBy(each => each.Name, StringComparer.Ordinal),
    ];

    private DurationDigest Add(int name)
    {
        if (_count >= MaxNames && name != TraceNames.Others) return this[TraceNames.Others];
        if (name >= _digests.Length) Array.Resize(ref _digests, Math.Max(name + 1, _digests.Length * 2));
        _count++;
        return _digests[name] = new DurationDigest();
    }
}
