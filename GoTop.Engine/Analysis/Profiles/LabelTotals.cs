using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>A value that samples are labelled with.</summary>
/// <param name="Value">Clean; a number in digits with its unit.</param>
/// <param name="Total">Of the samples that have it.</param>
public sealed record LabelValueTotal(string Value, long Total);

/// <summary>A key that samples are labelled with.</summary>
/// <param name="Total">Of all samples that have it.</param>
/// <param name="DistinctValues">How many there are; <paramref name="Values"/> holds no more than the largest.</param>
/// <param name="Values">The largest first.</param>
public sealed record LabelKeyTotals(string Key, long Total, int DistinctValues, ImmutableArray<LabelValueTotal> Values)
{
    /// <summary>Keys of many values, such as request ids, tell nothing by the values that are beyond this.</summary>
    public const int MaximumValues = 1000;

    private const int MaximumTextLength = 1024;

    /// <summary>All keys, by name.</summary>
    internal static ImmutableArray<LabelKeyTotals> Compute(ProfileView view, int type)
    {
        Profile profile = view.Profile;
        long[] weights = new long[profile.LabelSetCount];
        bool[] met = new bool[profile.LabelSetCount];
        int types = profile.SampleTypes.Length;
        for (int i = 0; i < profile.SampleCount; i++)
        {
            if (!view.Counts(i)) continue;
            weights[profile.SampleLabelSets[i]] += profile.Values[i * types + type];
            met[profile.SampleLabelSets[i]] = true;
        }

        SortedDictionary<string, KeySums> keys = new(StringComparer.Ordinal);
        for (int set = 0; set < weights.Length; set++)
        {
            if (!met[set]) continue;
            foreach (ref readonly ProfileLabel label in profile.LabelSet(set))
            {
                string key = PlainText.Clean(profile.Strings[label.Key], MaximumTextLength);
                if (!keys.TryGetValue(key, out KeySums? sums)) keys.Add(key, sums = new KeySums());
                sums.Add(set, ValueOf(profile, label), weights[set]);
            }
        }

        return [.. keys.Select(each => each.Value.Totals(each.Key))];
    }

    private static string ValueOf(Profile profile, in ProfileLabel label)
    {
        if (label.IsText) return PlainText.Clean(profile.Strings[label.Text], MaximumTextLength);
        string unit = profile.Strings[label.Unit];
        string number = label.Number.ToString(CultureInfo.InvariantCulture);
        return unit.Length == 0 ? number : PlainText.Clean($"{number} {unit}", MaximumTextLength);
    }

    private sealed class KeySums
    {
        private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
        private int _lastSet = -1;
        private long _total;

        public void Add(int set, string value, long weight)
        {
            // A set may have several values of one key.
            if (set != _lastSet) _total += weight;
            _lastSet = set;
            CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _) += weight;
        }

        public LabelKeyTotals Totals(string key) => new(
            key,
            _total,
            _values.Count,
            [
                .. _values.OrderByDescending(each => ProfileTotals.Magnitude(each.Value)).ThenBy(each => each.Key, StringComparer.Ordinal).Take(MaximumValues)
                    .Select(each => new LabelValueTotal(each.Key, each.Value)),
            ]);
    }
}
