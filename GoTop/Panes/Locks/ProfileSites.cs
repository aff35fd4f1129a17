using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>A place of a mutex or block profile.</summary>
/// <param name="Waiting">
/// How many goroutines waited on average since the earlier profile: the seconds of delay in a second of the clock. Null
/// where there is no earlier one; likewise the rate.
/// </param>
internal sealed record LockSite(ProfileSite Site, long Waits, long DelayNanoseconds, double? WaitsPerSecond, double? Waiting)
{
    public LockKey Key => new(Site.Called, new CodeLocation(Site.Function, Site.File, (int)Math.Min(int.MaxValue, Site.Line)));

    public double? MeanNanoseconds => Waits > 0 ? DelayNanoseconds / (double)Waits : null;
}

/// <summary>A mutex or block profile by place, with what was added since an earlier one. Worked out once for two profiles.</summary>
internal sealed class ProfileSites
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("DELAY", 8, Align.Right),
        new("SHARE", 6, Align.Right, Priority: 4),
        new("WAITS", 8, Align.Right, Priority: 5),
        new("MEAN", 8, Align.Right, Priority: 2),
        new("WAITING", 8, Align.Right, Priority: 1),
        new("WAITS/S", 9, Align.Right, Priority: 6),
        new("WHERE", 24, Grow: 3, Fit: Fit.GoName),
        new("LINE", 12, Grow: 2, Fit: Fit.Start),
        new("BY", 20, Priority: 7, Grow: 1, Fit: Fit.GoName),
    ];

    private readonly ImmutableArray<LockSite> _sites;

    public ProfileSites(AnalysedProfile profile, ProfileCapture capture, AnalysedProfile? before, ProfileCapture? captureBefore)
    {
        Profile = profile;
        Type = profile.TypeOf("delay");
        int waits = profile.TypeOf("contentions");
        if (Type < 0 || waits < 0)
        {
            _sites = [];
            return;
        }

        double seconds = captureBefore is null ? 0 : (capture.ReadAtNanoseconds - captureBefore.ReadAtNanoseconds) / 1e9;
        Dictionary<(string, string, long), ProfileSite>? earlier = before is null || seconds <= 0 || before.TypeOf("delay") != Type ? null : [];
        if (earlier is not null)
        {
            foreach (ProfileSite site in before!.Sites(Type)) earlier.TryAdd((site.Function, site.File, site.Line), site);
        }

        Seconds = earlier is null ? null : seconds;
        _sites = [.. profile.Sites(Type).Select(site => Of(site, waits, earlier, seconds))];
        DelayNanoseconds = profile.Totals(Type).Sum;
        Waits = profile.Totals(waits).Sum;
        Waiting = earlier is null ? null : (DelayNanoseconds - before!.Totals(Type).Sum) / seconds / 1e9;
    }

    public AnalysedProfile Profile { get; }

    /// <summary>Place of the delay among its sample types; −1 when it is no profile of waiting.</summary>
    public int Type { get; } = -1;

    public long DelayNanoseconds { get; }

    public long Waits { get; }

    /// <summary>How many goroutines waited on average since the earlier profile; null without one.</summary>
    public double? Waiting { get; }

    /// <summary>What the rates are over; null without an earlier profile.</summary>
    public double? Seconds { get; }

    public bool IsEmpty => _sites.IsEmpty;

    /// <summary>The place that is waited for most: lately, where that is known.</summary>
    public LockSite? Most => _sites.MaxBy(site => Seconds is null ? site.DelayNanoseconds : site.Waiting ?? 0);

    public LockRows<LockSite> Rows => new(Columns, _sites, site => site.Key, Number, Cell);

    private LockSite Of(ProfileSite site, int waits, Dictionary<(string, string, long), ProfileSite>? earlier, double seconds)
    {
        if (earlier is null) return new LockSite(site, site.Values[waits], site.Values[Type], null, null);
        ProfileSite? before = earlier.GetValueOrDefault((site.Function, site.File, site.Line));
        return new LockSite(
            site, site.Values[waits], site.Values[Type], (site.Values[waits] - (before?.Values[waits] ?? 0)) / seconds, (site.Values[Type] - (before?.Values[Type] ?? 0)) / seconds / 1e9);
    }

    private double Share(LockSite site) => DelayNanoseconds > 0 ? site.DelayNanoseconds * 100.0 / DelayNanoseconds : 0;

    private double? Number(LockSite site, int column) => column switch
    {
        1 => Share(site),
        2 => site.Waits,
        3 => site.MeanNanoseconds,
        4 => site.Waiting,
        5 => site.WaitsPerSecond,
        _ => site.DelayNanoseconds,
    };

    private TableCell Cell(LockSite site, int column) => column switch
    {
        0 => new TableCell(Figures.Nanoseconds(site.DelayNanoseconds)),
        1 => new TableCell(Figures.Percent(Share(site))),
        2 => new TableCell(Figures.Count(site.Waits)),
        3 => site.MeanNanoseconds is { } mean ? new TableCell(Figures.Nanoseconds(mean)) : Missing,
        4 => site.Waiting is { } waiting ? new TableCell(Figures.Invariant($"{waiting:0.0}"), waiting >= 0.05 ? Tone.Warning : Tone.Dim) : Missing,
        5 => site.WaitsPerSecond is { } waits ? new TableCell(Figures.PerSecond(waits)) : Missing,
        6 => new TableCell(site.Site.Function, Tone.Accent),
        7 => new TableCell(ProfileRows.PlaceOf(site.Site.File, site.Site.Line), Tone.Dim),
        _ => new TableCell(site.Site.Called, Tone.Dim),
    };

    private static TableCell Missing => new(Figure.MissingText, Tone.Dim);
}
