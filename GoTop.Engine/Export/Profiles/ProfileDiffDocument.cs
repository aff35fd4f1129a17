using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;

namespace GoTop.Engine.Export.Profiles;

/// <summary>What <c>gotop diff A B --json</c> prints of two profiles: see docs/json.md. Values are in the unit of their sample type.</summary>
public sealed record ProfileDiffDocument
{
    private const int MostRows = 200;

    public string Kind { get; } = "profileDiff";

    public required ProfileDiffSide Before { get; init; }

    public required ProfileDiffSide After { get; init; }

    /// <summary>What <c>…PerSecond</c> is made of: <c>durations</c>, <c>timeBetween</c>, or null, when those are null too.</summary>
    public required string? Rates { get; init; }

    public required string DefaultSampleType { get; init; }

    public required ImmutableArray<ProfileDiffType> SampleTypes { get; init; }

    /// <summary>By the name of each sample type that both have.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<ProfileFunctionDiffPart>> Functions { get; init; }

    /// <inheritdoc cref="Functions"/>
    public required ImmutableSortedDictionary<string, ImmutableArray<ProfileSiteDiffPart>> Sites { get; init; }

    public static ProfileDiffDocument Of(ProfileDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        ImmutableArray<string> keys = ProfileDocument.Keys([.. difference.Types.Select(type => type.Type)]);
        return new ProfileDiffDocument
        {
            Before = ProfileDiffSide.Of(difference.Before),
            After = ProfileDiffSide.Of(difference.After),
            Rates = difference.Basis switch
            {
                RateBasis.Durations => "durations",
                RateBasis.TimeBetween => "timeBetween",
                _ => null,
            },
            DefaultSampleType = keys[difference.DefaultType],
            SampleTypes =
            [
                .. difference.Types.Select((type, i) => new ProfileDiffType(
                    keys[i], ProfileDocument.Clean(type.Type.Unit), difference.Before.Totals(type.Before).Sum, difference.After.Totals(type.After).Sum)),
            ],
            Functions = keys.Select((key, i) => KeyValuePair.Create(key, FunctionParts(difference, i))).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Sites = keys.Select((key, i) => KeyValuePair.Create(key, SiteParts(difference, i))).ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>Also for what the text output says.</summary>
    public static string Word(DifferenceKind kind) => kind switch
    {
        DifferenceKind.New => "new",
        DifferenceKind.Gone => "gone",
        DifferenceKind.Grown => "grown",
        DifferenceKind.Shrunk => "shrunk",
        _ => "same",
    };

    private static ImmutableArray<ProfileFunctionDiffPart> FunctionParts(ProfileDifference difference, int type) =>
    [
        .. difference.Functions(type).Take(MostRows).Select(row => new ProfileFunctionDiffPart(
            row.Function, row.File, row.Line, Word(row.Kind), row.FlatBefore, row.FlatAfter, row.CumulativeBefore, row.CumulativeAfter, row.FlatPerSecond, row.CumulativePerSecond)),
    ];

    private static ImmutableArray<ProfileSiteDiffPart> SiteParts(ProfileDifference difference, int type) =>
    [
        .. difference.Sites(type).Take(MostRows)
            .Select(row => new ProfileSiteDiffPart(row.Function, row.File, row.Line, row.Called, Word(row.Kind), row.Before, row.After, row.PerSecond)),
    ];
}

public sealed record ProfileDiffSide(DateTimeOffset? Time, long DurationNanoseconds, int Samples)
{
    internal static ProfileDiffSide Of(AnalysedProfile profile) =>
        new(ProfileDocument.UnixTime(profile.Profile.TimeNanoseconds), profile.Profile.DurationNanoseconds, profile.Profile.SampleCount);
}

public sealed record ProfileDiffType(string Type, string Unit, long Before, long After);

/// <param name="Change"><c>new</c>, <c>gone</c>, <c>grown</c>, <c>shrunk</c> or <c>same</c>, by the cumulative value.</param>
public sealed record ProfileFunctionDiffPart(
    string Function, string File, long Line, string Change, long FlatBefore, long FlatAfter, long CumulativeBefore, long CumulativeAfter, double? FlatPerSecond, double? CumulativePerSecond);

/// <param name="Change">As for functions, by the value.</param>
public sealed record ProfileSiteDiffPart(string Function, string File, long Line, string Called, string Change, long Before, long After, double? PerSecond);
