using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What became of a function or a place between two profiles.</summary>
public enum DifferenceKind : byte
{
    Same,
    New,
    Gone,
    Grown,
    Shrunk,
}

/// <summary>What a difference per second is made of.</summary>
public enum RateBasis : byte
{
    /// <summary>The profiles do not tell how long they took nor when they were taken.</summary>
    None,

    /// <summary>Each profile covers a time of its own: the value per second of each is compared.</summary>
    Durations,

    /// <summary>Both are of moments, or count since the process began: what was added in the time between them.</summary>
    TimeBetween,
}

/// <summary>A sample type that both profiles have.</summary>
public sealed record ComparedType(ProfileValueType Type, int Before, int After);

/// <summary>A function in two profiles.</summary>
/// <param name="Line">As in <see cref="FunctionTotals"/>, of the later profile where the function is in it.</param>
/// <param name="FlatPerSecond">By how much it changed, see <see cref="RateBasis"/>; null where that is none.</param>
public sealed record FunctionDifference(
    string Function, string File, long Line, DifferenceKind Kind, long FlatBefore, long FlatAfter, long CumulativeBefore, long CumulativeAfter, double? FlatPerSecond,
    double? CumulativePerSecond)
{
    public long FlatDelta => FlatAfter - FlatBefore;

    public long CumulativeDelta => CumulativeAfter - CumulativeBefore;
}

/// <summary>A place of allocation or lock in two profiles.</summary>
/// <param name="PerSecond">By how much it changed, see <see cref="RateBasis"/>; null where that is none.</param>
public sealed record SiteDifference(string Function, string File, long Line, string Called, DifferenceKind Kind, long Before, long After, double? PerSecond)
{
    public long Delta => After - Before;
}

/// <summary>
/// Two profiles of the same kind side by side: what is new, gone, more or less. Functions and places are the same when their names are,
/// so builds of different versions can be compared. Results are worked out when asked for.
/// </summary>
public sealed class ProfileDifference
{
    private readonly AnalysedProfile _before;
    private readonly AnalysedProfile _after;

    private ProfileDifference(AnalysedProfile before, AnalysedProfile after, ImmutableArray<ComparedType> types)
    {
        _before = before;
        _after = after;
        Types = types;
    }

    public AnalysedProfile Before => _before;

    public AnalysedProfile After => _after;

    /// <summary>Those that both have with the same unit, in the order of the later profile; at least one.</summary>
    public ImmutableArray<ComparedType> Types { get; }

    /// <summary>Place in <see cref="Types"/> of the one that is of interest first.</summary>
    public int DefaultType
    {
        get
        {
            for (int i = 0; i < Types.Length; i++)
            {
                if (Types[i].After == _after.DefaultType) return i;
            }

            return Types.Length - 1;
        }
    }

    public RateBasis Basis
    {
        get
        {
            if (_before.Profile.DurationNanoseconds > 0 && _after.Profile.DurationNanoseconds > 0) return RateBasis.Durations;
            return _before.Profile.TimeNanoseconds > 0 && _after.Profile.TimeNanoseconds > _before.Profile.TimeNanoseconds ? RateBasis.TimeBetween : RateBasis.None;
        }
    }

    /// <summary>Null when they have no sample type in common.</summary>
    public static ProfileDifference? Between(AnalysedProfile before, AnalysedProfile after)
    {
        ImmutableArray<ComparedType>.Builder types = ImmutableArray.CreateBuilder<ComparedType>();
        for (int i = 0; i < after.SampleTypes.Length; i++)
        {
            int earlier = before.SampleTypes.IndexOf(after.SampleTypes[i]);
            if (earlier >= 0) types.Add(new ComparedType(after.SampleTypes[i], earlier, i));
        }

        return types.Count == 0 ? null : new ProfileDifference(before, after, types.ToImmutable());
    }

    /// <summary>The largest change first: per second where <see cref="Basis"/> is durations, otherwise of the value itself.</summary>
    /// <param name="type">Place in <see cref="Types"/>.</param>
    public ImmutableArray<FunctionDifference> Functions(int type)
    {
        ComparedType compared = Types[type];
        Dictionary<string, FunctionTotals> earlier = _before.Functions(compared.Before).ToDictionary(row => row.Function, StringComparer.Ordinal);
        List<FunctionDifference> rows = [];
        foreach (FunctionTotals now in _after.Functions(compared.After))
        {
            earlier.Remove(now.Function, out FunctionTotals? then);
            rows.Add(Compare(now, then, now));
        }

        foreach (FunctionTotals then in earlier.Values) rows.Add(Compare(then, then, null));
        bool byRate = Basis == RateBasis.Durations;
        return
        [
            .. rows.OrderByDescending(row => byRate ? Math.Abs(row.FlatPerSecond ?? 0) : ProfileTotals.Magnitude(row.FlatDelta))
                .ThenByDescending(row => byRate ? Math.Abs(row.CumulativePerSecond ?? 0) : ProfileTotals.Magnitude(row.CumulativeDelta)).ThenBy(row => row.Function, StringComparer.Ordinal),
        ];
    }

    /// <summary>The largest change first, as for <see cref="Functions"/>: growth of the heap by place of allocation, waiting by lock.</summary>
    /// <inheritdoc cref="Functions" path="/param"/>
    public ImmutableArray<SiteDifference> Sites(int type)
    {
        ComparedType compared = Types[type];
        Dictionary<(string, string, long), ProfileSite> earlier = _before.Sites(compared.Before).ToDictionary(Key);
        List<SiteDifference> rows = [];
        foreach (ProfileSite now in _after.Sites(compared.After))
        {
            earlier.Remove(Key(now), out ProfileSite? then);
            rows.Add(Compare(now, then?.Values[compared.Before], now.Values[compared.After]));
        }

        foreach (ProfileSite then in earlier.Values) rows.Add(Compare(then, then.Values[compared.Before], null));
        // Of other sample types only.
        rows.RemoveAll(row => row is { Before: 0, After: 0 });
        bool byRate = Basis == RateBasis.Durations;
        return
        [
            .. rows.OrderByDescending(row => byRate ? Math.Abs(row.PerSecond ?? 0) : ProfileTotals.Magnitude(row.Delta))
                .ThenBy(row => row.Function, StringComparer.Ordinal).ThenBy(row => row.File, StringComparer.Ordinal).ThenBy(row => row.Line),
        ];
    }

    /// <summary>Both in one tree, which has the values of before beside those of after.</summary>
    /// <inheritdoc cref="Functions" path="/param"/>
    public CallTree Tree(int type) => TreeAnalysis.Compare(_before.ByFunction, Types[type].Before, _after.ByFunction, Types[type].After);

    private static (string, string, long) Key(ProfileSite site) => (site.Function, site.File, site.Line);

    private FunctionDifference Compare(FunctionTotals shown, FunctionTotals? before, FunctionTotals? after)
    {
        double? flat = PerSecond(before?.Flat ?? 0, after?.Flat ?? 0);
        double? cumulative = PerSecond(before?.Cumulative ?? 0, after?.Cumulative ?? 0);
        double change = Basis == RateBasis.Durations ? cumulative ?? 0 : (double)(after?.Cumulative ?? 0) - (before?.Cumulative ?? 0);
        return new FunctionDifference(
            shown.Function, shown.File, shown.Line, Kind(before is not null, after is not null, change), before?.Flat ?? 0, after?.Flat ?? 0, before?.Cumulative ?? 0,
            after?.Cumulative ?? 0, flat, cumulative);
    }

    private SiteDifference Compare(ProfileSite shown, long? before, long? after)
    {
        double? rate = PerSecond(before ?? 0, after ?? 0);
        double change = Basis == RateBasis.Durations ? rate ?? 0 : (double)(after ?? 0) - (before ?? 0);
        return new SiteDifference(shown.Function, shown.File, shown.Line, shown.Called, Kind(before is not null, after is not null, change), before ?? 0, after ?? 0, rate);
    }

    private double? PerSecond(long before, long after) => Basis switch
    {
        RateBasis.Durations => after * 1e9 / _after.Profile.DurationNanoseconds - before * 1e9 / _before.Profile.DurationNanoseconds,
        RateBasis.TimeBetween => ((double)after - before) * 1e9 / (_after.Profile.TimeNanoseconds - _before.Profile.TimeNanoseconds),
        _ => null,
    };

    private static DifferenceKind Kind(bool before, bool after, double change)
    {
        if (!before) return DifferenceKind.New;
        if (!after) return DifferenceKind.Gone;
        return change switch
        {
            > 0 => DifferenceKind.Grown,
            < 0 => DifferenceKind.Shrunk,
            _ => DifferenceKind.Same,
        };
    }
}
