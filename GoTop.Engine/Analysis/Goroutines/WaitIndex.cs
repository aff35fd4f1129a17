using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>Who waits with whom: the goroutines of each thing that is waited on. One pass over a table; the rest on demand.</summary>
public sealed class WaitIndex
{
    private readonly GoroutineTable _table;
    private readonly GoroutineWaits _waits;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly Dictionary<(int Stack, int Start), CodeLocation> _places = [];
    private ImmutableArray<WaitFamily> _families;

    public WaitIndex(GoroutineTable table, GoroutineWaits waits)
    {
        (_table, _waits) = (table, waits);
        _starts = new int[waits.Objects.Length + 1];
        foreach (GoroutineWait wait in waits.Waits) _starts[wait.WaitsOn + 1]++;
        for (int i = 0; i < waits.Objects.Length; i++) _starts[i + 1] += _starts[i];
        _rows = new int[waits.Waits.Length];
        int[] next = _starts[..^1];
        foreach (GoroutineWait wait in waits.Waits) _rows[next[wait.WaitsOn]++] = wait.Row;
    }

    public ImmutableArray<WaitObject> Objects => _waits.Objects;

    public string ElementType(int waitsOn) => _waits.ElementTypes[_waits.Objects[waitsOn].ElementType];

    /// <summary>Rows of those that wait on it, in the table's order.</summary>
    public ReadOnlySpan<int> RowsOf(int waitsOn) => _rows.AsSpan(_starts[waitsOn].._starts[waitsOn + 1]);

    public int Waiters(int waitsOn) => _starts[waitsOn + 1] - _starts[waitsOn];

    /// <summary>What a goroutine waits on: several things in a select, none when that is not known.</summary>
    public ImmutableArray<int> WaitsOf(int row)
    {
        ReadOnlySpan<GoroutineWait> waits = _waits.Waits.AsSpan();
        int low = 0, high = waits.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (waits[middle].Row < row) low = middle + 1;
            else high = middle;
        }

        ImmutableArray<int>.Builder found = ImmutableArray.CreateBuilder<int>();
        for (; low < waits.Length && waits[low].Row == row; low++) found.Add(waits[low].WaitsOn);
        return found.ToImmutable();
    }

    /// <summary>The things, those that are alike and have few waiters each taken together; most waiters first.</summary>
    public ImmutableArray<WaitFamily> Families => _families.IsDefault ? _families = WaitFamilies.Of(this) : _families;

    /// <summary>Where and how its first waiter waits.</summary>
    public WaitSite FirstSiteOf(int waitsOn)
    {
        ref readonly GoroutineRow row = ref _table.Rows.ItemRef(RowsOf(waitsOn)[0]);
        return new WaitSite(Waiters(waitsOn), _table.WaitReasons[row.WaitReason], PlaceOf(row));
    }

    /// <summary>
    /// Who may have a lock, since Go does not note it: goroutines that are in the function that the others wait in, and do
    /// not wait there themselves. Running ones have no stack that could be read.
    /// </summary>
    /// <returns>Rows, and the function's place in each.</returns>
    public ImmutableArray<(int Row, CodeLocation At)> PerhapsHolding(int waitsOn)
    {
        if (Objects[waitsOn].Kind is not (WaitObjectKind.Mutex or WaitObjectKind.RWMutex)) return [];
        HashSet<CodeLocation> sites = [.. SitesOf(waitsOn).Select(site => site.Where).Where(place => place.Function.Length > 0)];
        HashSet<string> functions = [.. sites.Select(place => place.Function)];
        HashSet<int> waiters = [.. RowsOf(waitsOn)];
        bool[] isThere = [.. _table.Locations.Select(location => functions.Contains(location.Function))];
        int[] frameOfStack = [.. _table.Stacks.Select(stack => stack.FirstOrDefault(frame => isThere[frame], -1))];
        ImmutableArray<(int, CodeLocation)>.Builder holders = ImmutableArray.CreateBuilder<(int, CodeLocation)>();
        for (int i = 0; i < _table.Rows.Length; i++)
        {
            ref readonly GoroutineRow row = ref _table.Rows.ItemRef(i);
            if (row.Stack < 0 || frameOfStack[row.Stack] < 0 || waiters.Contains(i)) continue;
            // One that stands where the others wait has not got past it: it waits for another lock, or asks for this one just now.
            CodeLocation at = _table.Locations[frameOfStack[row.Stack]];
            if (!sites.Contains(at)) holders.Add((i, at));
        }

        return holders.ToImmutable();
    }

    /// <summary>The things, most waiters first.</summary>
    public int[] ByWaiters()
    {
        int[] order = [.. Enumerable.Range(0, Objects.Length)];
        Array.Sort([.. order.Select(i => (-Waiters(i), Objects[i].Address))], order);
        return order;
    }

    /// <summary>When the one that has waited longest began, on the target's clock; 0 when no garbage collection has noted it.</summary>
    public long OldestSince(int waitsOn)
    {
        long oldest = 0;
        foreach (int row in RowsOf(waitsOn))
        {
            long since = _table.Rows[row].WaitSinceNanoseconds;
            if (since > 0 && (oldest == 0 || since < oldest)) oldest = since;
        }

        return oldest;
    }

    /// <summary>Where they wait, and how; most first.</summary>
    public ImmutableArray<WaitSite> SitesOf(int waitsOn)
    {
        Dictionary<(CodeLocation, string), int> counts = [];
        foreach (int index in RowsOf(waitsOn))
        {
            ref readonly GoroutineRow row = ref _table.Rows.ItemRef(index);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, (PlaceOf(row), _table.WaitReasons[row.WaitReason]), out _)++;
        }

        return
        [
            .. counts.Select(site => new WaitSite(site.Value, site.Key.Item2, site.Key.Item1))
                .OrderByDescending(site => site.Count).ThenBy(site => site.Where.Function, StringComparer.Ordinal).ThenBy(site => site.WaitReason, StringComparer.Ordinal),
        ];
    }

    private CodeLocation PlaceOf(in GoroutineRow row)
    {
        ref CodeLocation place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (row.Stack, row.StartFunction), out bool known);
        if (!known) place = OwnCode.Of(_table, row);
        return place;
    }
}

/// <param name="Count">Goroutines that wait there.</param>
/// <param name="WaitReason">In the target's own words: it tells senders from receivers, and readers from writers.</param>
/// <param name="Where">The innermost place in the program's own code; its start function where the stack was not read.</param>
public readonly record struct WaitSite(int Count, string WaitReason, CodeLocation Where);
