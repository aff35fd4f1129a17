using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Labels;

/// <summary>
/// Profiler labels. Goroutines inherit them, so that many point to few sets; each set is read once, and is believed only if
/// a goroutine that points to it still does afterwards: as long as one does, it cannot have been freed.
/// </summary>
internal sealed class LabelReader(string goVersion, LabelForm form, TargetMemory memory, GoroutineLayout layout)
{
    /// <summary>Sets that are read without being asked for: a service that labels each request may have very many.</summary>
    private const int ReadAlways = 1000;

    private const int Unread = -1;

    private static readonly ImmutableArray<ImmutableArray<GoroutineLabel>> NoSets = [[]];

    private readonly PagedMemory _pages = new(memory.Reader);
    private readonly GoroutineBatch _again = new(memory, layout);
    private readonly Dictionary<ulong, int> _byAddress = [];
    private readonly Dictionary<ImmutableArray<GoroutineLabel>, int> _bySet = new(SetComparer.Instance);
    private readonly List<ImmutableArray<GoroutineLabel>> _sets = [];
    private readonly List<(ulong Address, int Row)> _distinct = [];
    private readonly List<GoroutineLabel> _labels = [];
    private readonly ulong[] _goroutines = new ulong[GoroutineBatch.Size];
    private LabelSetReader? _reader;

    /// <summary>Sets <see cref="GoroutineRow.Labels"/> of the rows that have some.</summary>
    /// <param name="wanted">Somebody looks at them: read them however many there are.</param>
    /// <returns>The distinct sets.</returns>
    public Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> Read(Span<GoroutineRow> rows, ReadOnlySpan<RowPointers> pointers, bool wanted)
    {
        _byAddress.Clear();
        _distinct.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            ulong address = pointers[i].Labels;
            if (address == 0) continue;
            ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, address, out bool known);
            if (known) continue;
            first = Unread;
            _distinct.Add((address, i));
        }

        if (_distinct.Count == 0) return Reading.Of(NoSets);
        if (form == LabelForm.Unknown) return Reading.NotSupported<ImmutableArray<ImmutableArray<GoroutineLabel>>>($"GoTop does not know how {goVersion} keeps labels");
        if (_distinct.Count > ReadAlways && !wanted)
        {
            return Reading.NotYet<ImmutableArray<ImmutableArray<GoroutineLabel>>>(
                string.Create(CultureInfo.InvariantCulture, $"{_distinct.Count:#,0} sets of labels: they are read while somebody looks at them"));
        }

        ReadSets();
        ForgetThoseThatWereLeft(pointers);
        for (int i = 0; i < rows.Length; i++)
        {
            if (pointers[i].Labels is not 0 and ulong address) rows[i] = rows[i] with { Labels = _byAddress[address] };
        }

        ImmutableArray<ImmutableArray<GoroutineLabel>> sets = [.. _sets];
        _bySet.Clear();
        _sets.Clear();
        _pages.Release();
        return Reading.Of(sets);
    }

    private void ReadSets()
    {
        _reader ??= new LabelSetReader(form, _pages, new LabelStrings(_pages));
        _reader.Strings.BeginRead();
        _pages.Begin();
        _bySet.Clear();
        _sets.Clear();
        _bySet[[]] = 0;
        _sets.Add([]);
        foreach ((ulong address, _) in _distinct)
        {
            _labels.Clear();
            if (!_reader.TryRead(address, _labels)) continue;
            _labels.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            ImmutableArray<GoroutineLabel> set = [.. _labels];
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySet, set, out bool known);
            if (!known)
            {
                number = _sets.Count;
                _sets.Add(set);
            }

            _byAddress[address] = number;
        }
    }

    private void ForgetThoseThatWereLeft(ReadOnlySpan<RowPointers> pointers)
    {
        for (int from = 0; from < _distinct.Count; from += GoroutineBatch.Size)
        {
            int size = Math.Min(GoroutineBatch.Size, _distinct.Count - from);
            for (int i = 0; i < size; i++) _goroutines[i] = pointers[_distinct[from + i].Row].Goroutine;
            _again.Read(_goroutines.AsSpan(0, size));
            for (int i = 0; i < size; i++)
            {
                ulong address = _distinct[from + i].Address;
                if (!_again.TryGet(i, _goroutines[i], out GoroutineRecord now) || now.Labels != address) _byAddress[address] = Unread;
            }
        }
    }

    private sealed class SetComparer : IEqualityComparer<ImmutableArray<GoroutineLabel>>
    {
        public static readonly SetComparer Instance = new();

        public bool Equals(ImmutableArray<GoroutineLabel> x, ImmutableArray<GoroutineLabel> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<GoroutineLabel> set)
        {
            HashCode hash = default;
            foreach (GoroutineLabel label in set) hash.Add(label);
            return hash.ToHashCode();
        }
    }
}
