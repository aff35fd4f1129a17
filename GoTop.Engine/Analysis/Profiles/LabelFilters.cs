using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>Which sets of labels have those that are asked for.</summary>
internal static class LabelFilters
{
    public static bool[] Matching(Profile profile, ImmutableArray<LabelFilter> filters)
    {
        bool[] matches = new bool[profile.LabelSetCount];
        for (int i = 0; i < matches.Length; i++)
        {
            matches[i] = true;
            foreach (LabelFilter filter in filters) matches[i] &= Has(profile, profile.LabelSet(i), filter);
        }

        return matches;
    }

    private static bool Has(Profile profile, ReadOnlySpan<ProfileLabel> labels, LabelFilter filter)
    {
        foreach (ref readonly ProfileLabel label in labels)
        {
            if (profile.Strings[label.Key] != filter.Key) continue;
            if (filter.Value is null) return true;
            if (label.IsText ? profile.Strings[label.Text] == filter.Value : label.Number.ToString(CultureInfo.InvariantCulture) == filter.Value) return true;
        }

        return false;
    }
}
