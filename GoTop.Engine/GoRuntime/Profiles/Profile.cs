using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// A profile as profile.proto of google/pprof describes it, immutable and in columns. Each sample has a stack, a set of labels and
/// one value per sample type; equal stacks and equal sets of labels are kept once, since many samples share them. Functions, files
/// and labels come from the file and are untrusted.
/// </summary>
public sealed class Profile
{
    private readonly int[] _sampleStacks;
    private readonly int[] _sampleLabelSets;
    private readonly long[] _values;
    private readonly int[] _stackEnds;
    private readonly int[] _stackLocations;
    private readonly int[] _labelSetEnds;
    private readonly ProfileLabel[] _labels;
    private readonly ProfileLocation[] _locations;
    private readonly ProfileLine[] _lines;
    private readonly ProfileFunction[] _functions;
    private readonly ProfileMapping[] _mappings;

    internal Profile(ProfileParts parts)
    {
        SampleTypes = parts.SampleTypes;
        DefaultSampleType = parts.DefaultSampleType;
        PeriodType = parts.PeriodType;
        Period = parts.Period;
        TimeNanoseconds = parts.TimeNanoseconds;
        DurationNanoseconds = parts.DurationNanoseconds;
        Comments = parts.Comments;
        DropFrames = parts.DropFrames;
        KeepFrames = parts.KeepFrames;
        DocumentationUrl = parts.DocumentationUrl;
        Strings = parts.Strings;
        _sampleStacks = parts.SampleStacks;
        _sampleLabelSets = parts.SampleLabelSets;
        _values = parts.Values;
        _stackEnds = parts.StackEnds;
        _stackLocations = parts.StackLocations;
        _labelSetEnds = parts.LabelSetEnds;
        _labels = parts.Labels;
        _locations = parts.Locations;
        _lines = parts.Lines;
        _functions = parts.Functions;
        _mappings = parts.Mappings;
    }

    public ImmutableArray<ProfileValueType> SampleTypes { get; }

    /// <summary>The name of one of <see cref="SampleTypes"/>, or of none; empty when the profile does not tell.</summary>
    public string DefaultSampleType { get; }

    /// <summary>What <see cref="Period"/> counts; both texts are empty when the profile does not tell.</summary>
    public ProfileValueType PeriodType { get; }

    public long Period { get; }

    /// <summary>When it was taken, since 1970; 0 when the profile does not tell.</summary>
    public long TimeNanoseconds { get; }

    /// <summary>0 for a profile of a moment, or since the start of the process.</summary>
    public long DurationNanoseconds { get; }

    public ImmutableArray<string> Comments { get; }

    /// <summary>A regular expression: frames of matching functions, and all they call, are not to be shown. Empty for none.</summary>
    public string DropFrames { get; }

    /// <summary>A regular expression: what is to be shown though <see cref="DropFrames"/> matches. Empty for none.</summary>
    public string KeepFrames { get; }

    public string DocumentationUrl { get; }

    public ProfileStrings Strings { get; }

    public int SampleCount => _sampleStacks.Length;

    /// <summary>Distinct stacks.</summary>
    public int StackCount => _stackEnds.Length;

    /// <summary>Distinct sets of labels.</summary>
    public int LabelSetCount => _labelSetEnds.Length;

    /// <summary>The stack of each sample, 0 to <see cref="StackCount"/> − 1.</summary>
    public ReadOnlySpan<int> SampleStacks => _sampleStacks;

    /// <summary>The set of labels of each sample, 0 to <see cref="LabelSetCount"/> − 1.</summary>
    public ReadOnlySpan<int> SampleLabelSets => _sampleLabelSets;

    /// <summary>The values of all samples: those of the first, one per sample type, then those of the second.</summary>
    public ReadOnlySpan<long> Values => _values;

    public ReadOnlySpan<ProfileLocation> Locations => _locations;

    public ReadOnlySpan<ProfileFunction> Functions => _functions;

    public ReadOnlySpan<ProfileMapping> Mappings => _mappings;

    public ReadOnlySpan<long> ValuesOf(int sample) => _values.AsSpan(sample * SampleTypes.Length, SampleTypes.Length);

    /// <summary>Places in <see cref="Locations"/>, innermost first; empty for a sample without a stack.</summary>
    public ReadOnlySpan<int> Stack(int stack) => Range(_stackLocations, _stackEnds, stack);

    public ReadOnlySpan<ProfileLabel> LabelSet(int set) => Range(_labels, _labelSetEnds, set);

    /// <summary>
    /// The lines at a location: the innermost inlined function first, the function that the others were inlined into last. Empty when
    /// the location is not symbolised.
    /// </summary>
    public ReadOnlySpan<ProfileLine> LinesOf(int location)
    {
        ref readonly ProfileLocation entry = ref _locations[location];
        return _lines.AsSpan(entry.FirstLine, entry.LineCount);
    }

    private static ReadOnlySpan<T> Range<T>(T[] items, int[] ends, int index)
    {
        int start = index == 0 ? 0 : ends[index - 1];
        return items.AsSpan(start, ends[index] - start);
    }
}

/// <summary>What a <see cref="Profile"/> is made of. The arrays become its own; places in them must be checked.</summary>
internal sealed record ProfileParts
{
    public required ImmutableArray<ProfileValueType> SampleTypes { get; init; }

    public string DefaultSampleType { get; init; } = "";

    public ProfileValueType PeriodType { get; init; } = new("", "");

    public long Period { get; init; }

    public long TimeNanoseconds { get; init; }

    public long DurationNanoseconds { get; init; }

    public ImmutableArray<string> Comments { get; init; } = [];

    public string DropFrames { get; init; } = "";

    public string KeepFrames { get; init; } = "";

    public string DocumentationUrl { get; init; } = "";

    public required ProfileStrings Strings { get; init; }

    public required int[] SampleStacks { get; init; }

    public required int[] SampleLabelSets { get; init; }

    public required long[] Values { get; init; }

    public required int[] StackEnds { get; init; }

    public required int[] StackLocations { get; init; }

    public required int[] LabelSetEnds { get; init; }

    public required ProfileLabel[] Labels { get; init; }

    public required ProfileLocation[] Locations { get; init; }

    public required ProfileLine[] Lines { get; init; }

    public required ProfileFunction[] Functions { get; init; }

    public required ProfileMapping[] Mappings { get; init; }
}
