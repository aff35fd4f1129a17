using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// What was added to a profile that counts since the process began, by full stack and labels: the same as Go's <c>?seconds=N</c> gives,
/// from two profiles at hand.
/// </summary>
public static class ProfileSubtraction
{
    /// <summary>The later profile less the earlier one. Its duration is the time between them, where both tell when they were taken.</summary>
    /// <exception cref="ArgumentException">They are not of the same kind; the message says how they differ.</exception>
    public static Profile Subtract(Profile later, Profile earlier)
    {
        ArgumentNullException.ThrowIfNull(later);
        ArgumentNullException.ThrowIfNull(earlier);
        if (!later.SampleTypes.SequenceEqual(earlier.SampleTypes))
            throw new ArgumentException($"profiles of {Words(earlier.SampleTypes)} and of {Words(later.SampleTypes)} cannot be subtracted", nameof(earlier));
        if (later.PeriodType != earlier.PeriodType) throw new ArgumentException($"the periods count {earlier.PeriodType.Type} and {later.PeriodType.Type}", nameof(earlier));
        ProfileBuilder builder = new(later.SampleTypes)
        {
            DefaultSampleType = later.DefaultSampleType,
            PeriodType = later.PeriodType,
            Period = Math.Max(later.Period, earlier.Period),
            TimeNanoseconds = later.TimeNanoseconds,
            DurationNanoseconds = earlier.TimeNanoseconds > 0 && later.TimeNanoseconds > earlier.TimeNanoseconds ? later.TimeNanoseconds - earlier.TimeNanoseconds : 0,
            Comments = [.. earlier.Comments.Concat(later.Comments).Distinct()],
            DropFrames = later.DropFrames,
            KeepFrames = later.KeepFrames,
            DocumentationUrl = later.DocumentationUrl,
        };
        Dictionary<MappingKey, (int Place, ulong Start)> mappings = [];
        new Import(builder, later, mappings).AddSamples(1);
        new Import(builder, earlier, mappings).AddSamples(-1);
        return builder.Build(withoutZeros: true);
    }

    private static string Words(ImmutableArray<ProfileValueType> types) => string.Join(", ", types.Select(type => $"{type.Type} in {type.Unit}"));

    /// <summary>What makes two mappings the same wherever they were loaded: google/pprof's Mapping.key.</summary>
    private readonly record struct MappingKey(ulong Size, ulong Offset, string BuildIdOrFile);

    /// <summary>Brings the entries of one profile into another, each when it is first needed.</summary>
    private sealed class Import(ProfileBuilder builder, Profile profile, Dictionary<MappingKey, (int Place, ulong Start)> mappings)
    {
        private const ulong Page = 0x1000;

        // Place + 1 in the builder, 0 for not yet.
        private readonly int[] _strings = new int[profile.Strings.Count];
        private readonly int[] _functions = new int[profile.Functions.Length];
        private readonly int[] _locations = new int[profile.Locations.Length];
        private readonly (int Place, ulong Shift)?[] _mappings = new (int, ulong)?[profile.Mappings.Length];

        public void AddSamples(int sign)
        {
            List<int> stack = [];
            long[] values = new long[profile.SampleTypes.Length];
            List<ProfileLabel> labels = [];
            for (int i = 0; i < profile.SampleCount; i++)
            {
                stack.Clear();
                labels.Clear();
                foreach (int location in profile.Stack(profile.SampleStacks[i])) stack.Add(Location(location));
                foreach (ref readonly ProfileLabel label in profile.LabelSet(profile.SampleLabelSets[i]))
                    labels.Add(new ProfileLabel(String(label.Key), String(label.Text), label.Number, String(label.Unit)));
                labels.Sort(Order);
                ReadOnlySpan<long> own = profile.ValuesOf(i);
                for (int value = 0; value < values.Length; value++) values[value] = sign * own[value];
                builder.AddSample(
                    CollectionsMarshal.AsSpan(stack), values, CollectionsMarshal.AsSpan(labels));
            }
        }

        /// <summary>The order of labels says nothing, and may differ.</summary>
        private static int Order(ProfileLabel a, ProfileLabel b) => (a.Key, a.Text, a.Number, a.Unit).CompareTo((b.Key, b.Text, b.Number, b.Unit));

        private int String(int place)
        {
            ref int known = ref _strings[place];
            if (known == 0) known = builder.AddString(profile.Strings.Utf8(place)) + 1;
            return known - 1;
        }

        private int Function(int place)
        {
            ref int known = ref _functions[place];
            if (known > 0) return known - 1;
            ref readonly ProfileFunction function = ref profile.Functions[place];
            known = builder.AddFunction(function with { Name = String(function.Name), SystemName = String(function.SystemName), File = String(function.File) }) + 1;
            return known - 1;
        }

        private int Location(int place)
        {
            ref int known = ref _locations[place];
            if (known > 0) return known - 1;
            ref readonly ProfileLocation location = ref profile.Locations[place];
            ReadOnlySpan<ProfileLine> lines = profile.LinesOf(place);
            ProfileLine[] own = new ProfileLine[lines.Length];
            for (int i = 0; i < own.Length; i++) own[i] = lines[i] with { Function = Function(lines[i].Function) };
            (int mapping, ulong shift) = location.Mapping < 0 ? (-1, 0UL) : Mapping(location.Mapping);
            known = builder.AddLocation(mapping, location.Address + shift, own, location.IsFolded) + 1;
            return known - 1;
        }

        private (int Place, ulong Shift) Mapping(int place)
        {
            if (_mappings[place] is { } known) return known;
            ref readonly ProfileMapping mapping = ref profile.Mappings[place];
            ulong size = (mapping.Limit - mapping.Start + Page - 1) / Page * Page;
            string name = profile.Strings[mapping.BuildId];
            MappingKey key = new(size, mapping.Offset, name.Length > 0 ? name : profile.Strings[mapping.File]);
            if (!mappings.TryGetValue(key, out (int Place, ulong Start) same))
            {
                same = (builder.AddMapping(mapping with { File = String(mapping.File), BuildId = String(mapping.BuildId) }), mapping.Start);
                mappings.Add(key, same);
            }

            (int Place, ulong Shift) found = (same.Place, same.Start - mapping.Start);
            _mappings[place] = found;
            return found;
        }
    }
}
