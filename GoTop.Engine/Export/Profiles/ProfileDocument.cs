using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Profiles;

/// <summary>What <c>gotop analyze FILE --json</c> prints of a profile: see docs/json.md. Values are in the unit of their sample type.</summary>
public sealed record ProfileDocument
{
    /// <summary>Functions told of each sample type.</summary>
    public const int MostFunctions = 200;

    private const int MostSites = 50;
    private const int MostLabelValues = 20;
    private const int MaximumTextLength = 1024;

    public string Kind { get; } = "profile";

    /// <summary>The format has no place for it.</summary>
    public string? GoVersion { get; }

    public required string Verdict { get; init; }

    public required DateTimeOffset? Time { get; init; }

    public required long DurationNanoseconds { get; init; }

    public required ImmutableArray<ProfileTypePart> SampleTypes { get; init; }

    public required string? DefaultSampleType { get; init; }

    public required ProfilePeriodPart? Period { get; init; }

    public required int Samples { get; init; }

    public required int Stacks { get; init; }

    public required int Functions { get; init; }

    public required int Locations { get; init; }

    public required ImmutableArray<string> Comments { get; init; }

    /// <summary>By the name of each sample type.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<ProfileFunctionPart>> Top { get; init; }

    /// <inheritdoc cref="Top"/>
    public required ImmutableSortedDictionary<string, ImmutableArray<ProfileSitePart>> Sites { get; init; }

    /// <summary>In the values of the default sample type.</summary>
    public required ImmutableArray<ProfileLabelPart> Labels { get; init; }

    public static ProfileDocument Of(AnalysedProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        Profile raw = profile.Profile;
        int first = profile.DefaultType;
        ImmutableArray<string> keys = Keys(raw.SampleTypes);
        return new ProfileDocument
        {
            Verdict = ProfileVerdict.Of(profile),
            Time = UnixTime(raw.TimeNanoseconds),
            DurationNanoseconds = raw.DurationNanoseconds,
            SampleTypes =
            [
                .. raw.SampleTypes.Select((type, i) => new ProfileTypePart(Clean(type.Type), Clean(type.Unit), profile.Totals(i).Absolute, profile.Totals(i).Sum)),
            ],
            DefaultSampleType = first < 0 ? null : Clean(raw.SampleTypes[first].Type),
            Period = raw.Period == 0 ? null : new ProfilePeriodPart(Clean(raw.PeriodType.Type), Clean(raw.PeriodType.Unit), raw.Period),
            Samples = raw.SampleCount,
            Stacks = raw.StackCount,
            Functions = raw.Functions.Length,
            Locations = raw.Locations.Length,
            Comments = [.. raw.Comments.Select(Clean)],
            Top = keys.Select((key, i) => KeyValuePair.Create(key, FunctionParts(profile, i))).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Sites = keys.Select((key, i) => KeyValuePair.Create(key, SiteParts(profile, i))).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Labels =
            [
                .. (first < 0 ? [] : profile.Labels(first))
                    .Select(key => new ProfileLabelPart(key.Key, key.Total, key.DistinctValues, [.. key.Values.Take(MostLabelValues).Select(value => new ProfileLabelValuePart(value.Value, value.Total))])),
            ],
        };
    }

    /// <summary>Null for 0 and for what lies outside the calendar.</summary>
    internal static DateTimeOffset? UnixTime(long nanoseconds) => nanoseconds <= 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    internal static string Clean(string text) => PlainText.Clean(text, MaximumTextLength);

    /// <summary>The names of sample types; with their units, and if need be numbers, where these would be the same.</summary>
    internal static ImmutableArray<string> Keys(ImmutableArray<ProfileValueType> types)
    {
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>(types.Length);
        for (int i = 0; i < types.Length; i++)
        {
            string key = Clean(types[i].Type);
            if (keys.Contains(key)) key = $"{key}/{Clean(types[i].Unit)}";
            keys.Add(keys.Contains(key) ? $"{key}#{i}" : key);
        }

        return keys.MoveToImmutable();
    }

    private static ImmutableArray<ProfileFunctionPart> FunctionParts(AnalysedProfile profile, int type) =>
    [
        .. profile.Functions(type).Take(MostFunctions).Select(row => new ProfileFunctionPart(row.Function, row.File, row.Line, row.Flat, row.Cumulative, row.Inlining == Inlining.Inlined)),
    ];

    private static ImmutableArray<ProfileSitePart> SiteParts(AnalysedProfile profile, int type) =>
    [
        .. profile.Sites(type).Where(site => site.Values[type] != 0).Take(MostSites)
            .Select(site => new ProfileSitePart(site.Function, site.File, site.Line, site.Called, site.Values[type])),
    ];
}

/// <param name="Total">The sum of the values without their signs, as pprof's percentages are of it.</param>
/// <param name="Sum">With their signs.</param>
public sealed record ProfileTypePart(string Type, string Unit, long Total, long Sum);

public sealed record ProfilePeriodPart(string Type, string Unit, long Value);

/// <param name="Line">Its hottest line; 0 when the profile does not tell.</param>
/// <param name="Inlined">It was only met inlined into its callers.</param>
public sealed record ProfileFunctionPart(string Function, string File, long Line, long Flat, long Cumulative, bool Inlined);

/// <param name="Called">What the site called that allocated, locked or waited.</param>
public sealed record ProfileSitePart(string Function, string File, long Line, string Called, long Value);

public sealed record ProfileLabelPart(string Key, long Total, int DistinctValues, ImmutableArray<ProfileLabelValuePart> Values);

public sealed record ProfileLabelValuePart(string Value, long Total);
