using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// A profile and what can be told from it under one filter. Each result is worked out when first asked for and kept; results are
/// immutable and any number of threads may ask.
/// </summary>
public sealed class AnalysedProfile
{
    private readonly Lazy<ProfileView> _byFunction;
    private readonly Lazy<ProfileView> _byLine;
    private readonly PerType<ProfileTotals> _totals;
    private readonly PerType<ImmutableArray<FunctionTotals>> _functions;
    private readonly PerType<ImmutableArray<FunctionTotals>> _lines;
    private readonly PerType<CallTree> _trees;
    private readonly PerType<ImmutableArray<ProfileSite>> _sites;
    private readonly PerType<ImmutableArray<ProfileSite>> _ownSites;
    private readonly PerType<ImmutableArray<LabelKeyTotals>> _labels;

    public AnalysedProfile(Profile profile, ProfileFilter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        Profile = profile;
        Filter = filter ?? ProfileFilter.None;
        _byFunction = new Lazy<ProfileView>(() => new ProfileView(profile, FrameDetail.Function, Filter));
        _byLine = new Lazy<ProfileView>(() => new ProfileView(profile, FrameDetail.Line, Filter));
        int types = profile.SampleTypes.Length;
        _totals = new PerType<ProfileTotals>(types, type => ProfileTotals.Of(_byFunction.Value, type));
        _functions = new PerType<ImmutableArray<FunctionTotals>>(types, type => FunctionAnalysis.Compute(_byFunction.Value, type));
        _lines = new PerType<ImmutableArray<FunctionTotals>>(types, type => FunctionAnalysis.Compute(_byLine.Value, type));
        _trees = new PerType<CallTree>(types, type => TreeAnalysis.Compute(_byFunction.Value, type));
        _sites = new PerType<ImmutableArray<ProfileSite>>(types, type => SiteAnalysis.Compute(_byLine.Value, type, FunctionNames.IsRuntimeOrLock));
        _ownSites = new PerType<ImmutableArray<ProfileSite>>(types, type => SiteAnalysis.Compute(_byLine.Value, type, FunctionNames.IsLibrary));
        _labels = new PerType<ImmutableArray<LabelKeyTotals>>(types, type => LabelKeyTotals.Compute(_byFunction.Value, type));
    }

    public Profile Profile { get; }

    public ProfileFilter Filter { get; }

    public ImmutableArray<ProfileValueType> SampleTypes => Profile.SampleTypes;

    /// <summary>The sample type that is of interest first: the profile's own default, or else the last; −1 when there are none.</summary>
    public int DefaultType
    {
        get
        {
            for (int i = 0; i < SampleTypes.Length; i++)
            {
                if (Profile.DefaultSampleType.Length > 0 && SampleTypes[i].Type == Profile.DefaultSampleType) return i;
            }

            return SampleTypes.Length - 1;
        }
    }

    /// <summary>Where the sample type of this name is, such as <c>inuse_space</c>; −1 when the profile has none.</summary>
    public int TypeOf(string name)
    {
        for (int i = 0; i < SampleTypes.Length; i++)
        {
            if (SampleTypes[i].Type == name) return i;
        }

        return -1;
    }

    internal ProfileView ByFunction => _byFunction.Value;

    /// <summary>The same profile under another filter.</summary>
    public AnalysedProfile With(ProfileFilter filter) => new(Profile, filter);

    public ProfileTotals Totals(int type) => _totals[type];

    /// <summary>By function, in flat order, as <c>go tool pprof -top</c> has them.</summary>
    public ImmutableArray<FunctionTotals> Functions(int type) => _functions[type];

    /// <summary>By function, file and line, in flat order.</summary>
    public ImmutableArray<FunctionTotals> Lines(int type) => _lines[type];

    public CallTree Tree(int type) => _trees[type];

    /// <summary>By place in the program's own code: allocation sites of a heap profile, lock sites of a mutex or block profile.</summary>
    public ImmutableArray<ProfileSite> Sites(int type) => _sites[type];

    /// <summary>By the innermost line outside the standard library: what the program's own code leads to, through whatever it calls.</summary>
    public ImmutableArray<ProfileSite> OwnSites(int type) => _ownSites[type];

    /// <summary>By the innermost frame whose function is not passed over, or the innermost of all where every one is. Not kept.</summary>
    public ImmutableArray<ProfileSite> Sites(int type, Func<string, bool> isPassedOver) => SiteAnalysis.Compute(_byLine.Value, type, isPassedOver);

    /// <summary>The stacks of one of <see cref="Sites(int)"/>, the largest first; at most 200. Not kept.</summary>
    public ImmutableArray<StackTotals> StacksOf(int type, ProfileSite site) => SiteAnalysis.StacksOf(_byLine.Value, type, site, FunctionNames.IsRuntimeOrLock);

    /// <summary>The labels of the samples, by key.</summary>
    public ImmutableArray<LabelKeyTotals> Labels(int type) => _labels[type];

    /// <summary>Callers and callees of a function; null when the profile has no such function. Not kept.</summary>
    public FunctionNeighbours? Neighbours(int type, string function)
    {
        FrameTable frames = _byFunction.Value.Frames;
        for (int i = 0; i < frames.Count; i++)
        {
            if (frames.NameOf(i) == function) return FunctionNeighbours.Compute(_byFunction.Value, type, i);
        }

        return null;
    }

    private sealed class PerType<T>(int types, Func<int, T> compute)
    {
        private readonly Lazy<Kept>[] _values = [.. Enumerable.Range(0, types).Select(type => new Lazy<Kept>(() => new Kept(compute(type))))];

        public T this[int type] => _values[type].Value.Value;

        private sealed record Kept(T Value);
    }
}
