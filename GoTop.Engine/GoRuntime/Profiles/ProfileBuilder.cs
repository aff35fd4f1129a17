using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>A frame of a stack that is to become part of a profile.</summary>
/// <param name="Line">0 when unknown.</param>
public readonly record struct ProfileFrame(string Function, string File, long Line);

/// <summary>
/// Makes a profile: from stacks of frames, or entry by entry. Equal entries become one, and samples with the same stack and labels are
/// added up. One thread at a time.
/// </summary>
public sealed class ProfileBuilder
{
    private readonly ByteInterner _strings = new();
    private readonly Dictionary<ProfileFunction, int> _functions = [];
    private readonly Column<ProfileFunction> _functionRows = new();
    private readonly Dictionary<ProfileMapping, int> _mappings = [];
    private readonly Column<ProfileMapping> _mappingRows = new();
    private readonly ByteInterner _locations = new();
    private readonly Column<ProfileLocation> _locationRows = new();
    private readonly Column<ProfileLine> _lines = new();
    private readonly ByteInterner _stacks = new();
    private readonly ByteInterner _labelSets = new();
    private readonly Dictionary<(int Stack, int LabelSet), int> _samples = [];
    private readonly Column<int> _sampleStacks = new();
    private readonly Column<int> _sampleLabelSets = new();
    private readonly Column<long> _values = new();
    private readonly Column<long> _key = new();
    private readonly Column<int> _frameLocations = new();
    private int? _frameMapping;

    public ProfileBuilder(params ImmutableArray<ProfileValueType> sampleTypes)
    {
        SampleTypes = sampleTypes;
        AddString("");
    }

    public ImmutableArray<ProfileValueType> SampleTypes { get; }

    public string DefaultSampleType { get; set; } = "";

    public ProfileValueType PeriodType { get; set; } = new("", "");

    public long Period { get; set; }

    public long TimeNanoseconds { get; set; }

    public long DurationNanoseconds { get; set; }

    public ImmutableArray<string> Comments { get; set; } = [];

    public string DropFrames { get; set; } = "";

    public string KeepFrames { get; set; } = "";

    public string DocumentationUrl { get; set; } = "";

    public int AddString(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        return AddString(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public int AddString(ReadOnlySpan<byte> utf8) => _strings.Intern(utf8, 0);

    /// <param name="function">Its texts from <see cref="AddString(string)"/>; the id does not matter.</param>
    /// <returns>Its place.</returns>
    public int AddFunction(ProfileFunction function)
    {
        function = function with { Id = 0 };
        if (_functions.TryGetValue(function, out int place)) return place;
        place = _functionRows.Count;
        _functions.Add(function, place);
        _functionRows.Add(function with { Id = (ulong)place + 1 });
        return place;
    }

    /// <inheritdoc cref="AddFunction"/>
    public int AddMapping(ProfileMapping mapping)
    {
        mapping = mapping with { Id = 0 };
        if (_mappings.TryGetValue(mapping, out int place)) return place;
        place = _mappingRows.Count;
        _mappings.Add(mapping, place);
        _mappingRows.Add(mapping with { Id = (ulong)place + 1 });
        return place;
    }

    /// <param name="mapping">Its place; −1 for none.</param>
    /// <param name="address">0 when unknown.</param>
    /// <param name="lines">The innermost inlined function first; functions by their places.</param>
    /// <returns>The location's place.</returns>
    public int AddLocation(int mapping, ulong address, ReadOnlySpan<ProfileLine> lines, bool isFolded = false)
    {
        _key.Clear();
        _key.AddRange([mapping, (long)address, isFolded ? 1 : 0]);
        foreach (ref readonly ProfileLine line in lines) _key.AddRange([line.Function, line.Line, line.Column]);
        int place = _locations.Intern(MemoryMarshal.AsBytes(_key.Items), 0);
        if (place < _locationRows.Count) return place;
        _locationRows.Add(new ProfileLocation((ulong)place + 1, mapping, address, _lines.Count, lines.Length, isFolded));
        _lines.AddRange(lines);
        return place;
    }

    /// <param name="locations">By their places, innermost first.</param>
    /// <param name="values">One per sample type.</param>
    /// <param name="labels">Their texts from <see cref="AddString(string)"/>.</param>
    public void AddSample(ReadOnlySpan<int> locations, ReadOnlySpan<long> values, ReadOnlySpan<ProfileLabel> labels)
    {
        if (values.Length != SampleTypes.Length) throw new ArgumentException($"{values.Length} values for {SampleTypes.Length} sample types", nameof(values));
        int stack = _stacks.Intern(MemoryMarshal.AsBytes(locations), 0);
        _key.Clear();
        foreach (ref readonly ProfileLabel label in labels) _key.AddRange([(long)label.Key << 32 | (uint)label.Text, label.Number, label.Unit]);
        int labelSet = _labelSets.Intern(MemoryMarshal.AsBytes(_key.Items), 0);
        if (_samples.TryGetValue((stack, labelSet), out int sample))
        {
            Span<long> sums = _values.Items.Slice(sample * values.Length, values.Length);
            for (int i = 0; i < sums.Length; i++) sums[i] += values[i];
            return;
        }

        _samples.Add((stack, labelSet), _sampleStacks.Count);
        _sampleStacks.Add(stack);
        _sampleLabelSets.Add(labelSet);
        _values.AddRange(values);
    }

    /// <param name="stack">Innermost first.</param>
    /// <param name="values">One per sample type.</param>
    public void AddSample(ReadOnlySpan<ProfileFrame> stack, ReadOnlySpan<long> values, params ReadOnlySpan<KeyValuePair<string, string>> labels)
    {
        // A mapping that is said to be symbolised keeps readers from looking for the executable.
        const ProfileMappingTraits Symbolised =
            ProfileMappingTraits.HasFunctions | ProfileMappingTraits.HasFileNames | ProfileMappingTraits.HasLineNumbers | ProfileMappingTraits.HasInlineFrames;
        int mapping = _frameMapping ??= AddMapping(new ProfileMapping(0, 0, 0, 0, 0, 0, Symbolised));
        _frameLocations.Clear();
        foreach (ref readonly ProfileFrame frame in stack)
        {
            int name = AddString(frame.Function);
            int function = AddFunction(new ProfileFunction(0, name, name, AddString(frame.File), 0));
            _frameLocations.Add(AddLocation(mapping, 0, [new ProfileLine(function, frame.Line, 0)]));
        }

        ProfileLabel[] rows = new ProfileLabel[labels.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = new ProfileLabel(AddString(labels[i].Key), AddString(labels[i].Value), 0, 0);
        AddSample(_frameLocations.Items, values, rows);
    }

    /// <summary>The profile of what was added up to now.</summary>
    /// <param name="withoutZeros">Leaves out samples whose values all became 0.</param>
    public Profile Build(bool withoutZeros = false)
    {
        (byte[] bytes, int[] ends) = Strings();
        Column<int> stacks = new();
        Column<int> labelSets = new();
        Column<long> values = new();
        for (int i = 0; i < _sampleStacks.Count; i++)
        {
            ReadOnlySpan<long> own = _values.Items.Slice(i * SampleTypes.Length, SampleTypes.Length);
            if (withoutZeros && !own.ContainsAnyExcept(0)) continue;
            stacks.Add(_sampleStacks.Items[i]);
            labelSets.Add(_sampleLabelSets.Items[i]);
            values.AddRange(own);
        }

        Column<int> stackEnds = new();
        Column<int> stackLocations = new();
        for (int i = 0; i < _stacks.Count; i++)
        {
            stackLocations.AddRange(MemoryMarshal.Cast<byte, int>(_stacks[i]));
            stackEnds.Add(stackLocations.Count);
        }

        Column<int> labelSetEnds = new();
        Column<ProfileLabel> labels = new();
        for (int i = 0; i < _labelSets.Count; i++)
        {
            ReadOnlySpan<long> keys = MemoryMarshal.Cast<byte, long>(_labelSets[i]);
            for (int at = 0; at < keys.Length; at += 3) labels.Add(new ProfileLabel((int)(keys[at] >> 32), (int)keys[at], keys[at + 1], (int)keys[at + 2]));
            labelSetEnds.Add(labels.Count);
        }

        return new Profile(new ProfileParts
        {
            SampleTypes = SampleTypes,
            DefaultSampleType = DefaultSampleType,
            PeriodType = PeriodType,
            Period = Period,
            TimeNanoseconds = TimeNanoseconds,
            DurationNanoseconds = DurationNanoseconds,
            Comments = Comments,
            DropFrames = DropFrames,
            KeepFrames = KeepFrames,
            DocumentationUrl = DocumentationUrl,
            Strings = new ProfileStrings(bytes, ends),
            SampleStacks = stacks.ToArray(),
            SampleLabelSets = labelSets.ToArray(),
            Values = values.ToArray(),
            StackEnds = stackEnds.ToArray(),
            StackLocations = stackLocations.ToArray(),
            LabelSetEnds = labelSetEnds.ToArray(),
            Labels = labels.ToArray(),
            Locations = _locationRows.Items.ToArray(),
            Lines = _lines.Items.ToArray(),
            Functions = _functionRows.Items.ToArray(),
            Mappings = _mappingRows.Items.ToArray(),
        });
    }

    private (byte[] Bytes, int[] Ends) Strings()
    {
        Column<byte> bytes = new();
        Column<int> ends = new();
        for (int i = 0; i < _strings.Count; i++)
        {
            bytes.AddRange(_strings[i]);
            ends.Add(bytes.Count);
        }

        return (bytes.ToArray(), ends.ToArray());
    }
}
