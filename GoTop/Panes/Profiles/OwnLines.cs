using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>A function of the service's own code, with what it and the foreign code below it account for.</summary>
/// <param name="Line">The line of it that most of that passes through.</param>
/// <param name="Value">Of stacks in which it is the innermost own function; scaled.</param>
internal sealed record OwnFunction(string Function, string File, long Line, double Value);

/// <param name="Change">Of its value; scaled.</param>
internal sealed record GrownFunction(OwnFunction Function, double Change);

/// <summary>
/// What of a profile is spent for which of the service's own functions: the innermost own frame of each stack. The functions
/// with the largest flat values are mostly Go's; these are what somebody can change.
/// </summary>
internal static class OwnLines
{
    /// <summary>Largest first.</summary>
    public static ImmutableArray<OwnFunction> Of(ShownProfile shown) => Of(shown.Unfiltered, shown.Type, shown.Origins, shown.Scale);

    /// <summary><c>main.(*ledger).book (main.go:53) 61.2%</c>.</summary>
    public static string Words(OwnFunction own, ShownProfile shown) => $"{Place(own.Function, own.File, own.Line)} {Figures.Percent(shown.Share(own.Value / shown.Scale))}";

    /// <summary><c>main.(*ledger).book (main.go:53) +240 ms/s</c>.</summary>
    public static string Words(GrownFunction grown, ShownProfile shown) => $"{Place(grown.Function.Function, grown.Function.File, grown.Function.Line)} {Change(grown, shown)}";

    /// <summary>Since a mark, by how much; since the profile before, how fast.</summary>
    public static string Change(GrownFunction grown, ShownProfile shown) => shown.Then is not { IsMarked: false, Seconds: > 0 } before
        ? shown.Measure.FormatChange(grown.Change, shown.IsPerSecond)
        : shown.Measure.FormatChange(grown.Change / before.Seconds, perSecond: true);

    /// <summary>The function that grew most since the profile that it is compared with; null when none did.</summary>
    public static GrownFunction? Grown(ShownProfile shown)
    {
        if (shown.Then is not { } then) return null;
        Dictionary<string, double> before = Of(then.Profile.With(ProfileFilter.None), then.Type, shown.Origins, shown.ThenScale).ToDictionary(own => own.Function, own => own.Value);
        GrownFunction? most = null;
        foreach (OwnFunction own in Of(shown))
        {
            double change = own.Value - before.GetValueOrDefault(own.Function);
            if (change > (most?.Change ?? 0)) most = new GrownFunction(own, change);
        }

        return most;
    }

    /// <summary><c>orders.(*Handler).Create (create.go:42)</c>.</summary>
    public static string Place(string function, string file, long line)
    {
        string name = Drawing.WithoutImportPath(function).ToString();
        // Go writes slashes on Windows as well.
        return file.Length == 0 ? name : Figures.Invariant($"{name} ({file[(file.LastIndexOf('/') + 1)..]}:{line})");
    }

    private static ImmutableArray<OwnFunction> Of(AnalysedProfile profile, int type, CodeOrigins origins, double scale) =>
    [
        .. profile.Sites(type, function => origins.Of(function) != CodeOrigin.Own)
            .Where(site => origins.Of(site.Function) == CodeOrigin.Own)
            .GroupBy(site => site.Function, StringComparer.Ordinal)
            // The sites come largest first.
            .Select(sites => new OwnFunction(sites.Key, sites.First().File, sites.First().Line, sites.Sum(site => site.Values[type] * scale)))
            .OrderByDescending(own => own.Value),
    ];
}
