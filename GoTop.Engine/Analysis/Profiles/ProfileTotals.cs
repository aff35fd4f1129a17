using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What all samples come to, for one sample type.</summary>
/// <param name="Absolute">
/// What percentages are of, as for pprof: the sum of the values without their signs. In the difference of two profiles that pprof
/// saved, that of the earlier one.
/// </param>
/// <param name="Sum">With their signs; differs in profiles that are differences.</param>
/// <param name="Samples">How many have a value.</param>
public sealed record ProfileTotals(long Absolute, long Sum, int Samples)
{
    internal static ProfileTotals Of(ProfileView view, int type)
    {
        Profile profile = view.Profile;
        bool[] isBase = LabelFilters.Matching(profile, [new LabelFilter("pprof::base", "true")]);
        int types = profile.SampleTypes.Length;
        long absolute = 0;
        long absoluteOfBase = 0;
        long sum = 0;
        int samples = 0;
        for (int i = 0; i < profile.SampleCount; i++)
        {
            long value = profile.Values[i * types + type];
            if (value == 0 || !view.Counts(i)) continue;
            samples++;
            sum += value;
            absolute += (long)Magnitude(value);
            if (isBase[profile.SampleLabelSets[i]]) absoluteOfBase += (long)Magnitude(value);
        }

        return new ProfileTotals(absoluteOfBase > 0 ? absoluteOfBase : absolute, sum, samples);
    }

    /// <summary>Without the sign.</summary>
    internal static ulong Magnitude(long value) => value < 0 ? 0 - (ulong)value : (ulong)value;
}
