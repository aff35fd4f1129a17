using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>Durations by name. The names are the program's, so what there are too many of is put together.</summary>
internal sealed class NamedDigests
{
    private const int MaxNames = 2048;

    private readonly IdMap<DurationDigest> _digests = new();
    private int _lastName = -1;
    private DurationDigest? _last;

    public DurationDigest this[int name]
    {
        get
        {
            if (name == _lastName) return _last!;
            ref DurationDigest? digest = ref _digests.Add(_digests.Count < MaxNames || Has(name) ? name : TraceNames.Others, out _)!;
            (_lastName, _last) = (name, digest ??= new DurationDigest());
            return digest;
        }
    }

    /// <summary>By total time, most first.</summary>
    public ImmutableArray<NamedDurations> Summaries(TraceNames names) =>
    [
        .. _digests.Entries().Select(entry => new NamedDurations(names[(int)entry.Key], entry.Value.Summary))
            .OrderByDescending(each => each.Durations.TotalNanoseconds).ThenBy(each => each.Name, StringComparer.Ordinal),
    ];

    /// <summary>Null when there is none of that name.</summary>
    public DurationDigest? Find(int name) => Has(name) ? _digests.Find(name) : null;

    public IEnumerable<KeyValuePair<long, DurationDigest>> Entries() => _digests.Entries();

    private bool Has(int name) => !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref _digests.Find(name));
}
