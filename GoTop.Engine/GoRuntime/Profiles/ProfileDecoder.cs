using System.Collections.Immutable;
using System.Globalization;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Puts a profile together from its top-level fields. They may come in any order, and samples mostly come before what they refer to;
/// so ids are kept as they are until all has been read.
/// </summary>
internal sealed class ProfileDecoder
{
    private readonly ProfileLimits _limits;
    private readonly SampleDecoder _samples;
    private readonly TableDecoder _tables;
    private readonly Column<byte> _stringBytes = new(4096);
    private readonly Column<int> _stringEnds = new(256);
    private readonly List<(StringPlace Type, StringPlace Unit)> _sampleTypes = [];
    private readonly List<StringPlace> _comments = [];
    private (StringPlace Type, StringPlace Unit) _periodType;
    private StringPlace _defaultSampleType;
    private StringPlace _dropFrames;
    private StringPlace _keepFrames;
    private StringPlace _documentationUrl;
    private long _time;
    private long _duration;
    private long _period;

    private ProfileDecoder(ProfileLimits limits)
    {
        _limits = limits;
        _samples = new SampleDecoder(limits);
        _tables = new TableDecoder(limits);
    }

    public static Profile Decode(ProtobufWindow window, ProfileLimits limits)
    {
        ProfileDecoder decoder = new(limits);
        while (window.Next()) decoder.Take(window);
        if (window.Offset == 0) throw new ProfileException("there are no bytes");
        return decoder.Finish();
    }

    private void Take(ProtobufWindow field)
    {
        switch (field.Field)
        {
            case 1:
                if (_sampleTypes.Count >= _limits.MaxSampleTypes) throw field.Problem($"more than {_limits.MaxSampleTypes} sample types");
                _sampleTypes.Add(ValueType(Message(field, "sample_type")));
                break;
            case 2:
                Require(field, WireType.Bytes, "sample");
                _samples.Take(field.Bytes, field.BytesOffset);
                break;
            case 3:
                _tables.TakeMapping(Message(field, "mapping"), field.FieldOffset);
                break;
            case 4:
                _tables.TakeLocation(Message(field, "location"), field.FieldOffset);
                break;
            case 5:
                _tables.TakeFunction(Message(field, "function"), field.FieldOffset);
                break;
            case 6:
                Require(field, WireType.Bytes, "string_table");
                TakeString(field);
                break;
            case 7:
                _dropFrames = Place(field, "drop_frames");
                break;
            case 8:
                _keepFrames = Place(field, "keep_frames");
                break;
            case 9:
                if (_time != 0) throw field.Problem("a second time_nanos: several profiles lie one behind the other");
                _time = Number(field, "time_nanos");
                break;
            case 10:
                _duration = Number(field, "duration_nanos");
                break;
            case 11:
                _periodType = ValueType(Message(field, "period_type"));
                break;
            case 12:
                _period = Number(field, "period");
                break;
            case 13:
                TakeComments(field);
                break;
            case 14:
                _defaultSampleType = Place(field, "default_sample_type");
                break;
            case 15:
                _documentationUrl = Place(field, "doc_url");
                break;
        }
    }

    private Profile Finish()
    {
        ProfileStrings strings = new(_stringBytes.ToArray(), _stringEnds.ToArray());
        ImmutableArray<ProfileValueType> sampleTypes = [.. _sampleTypes.Select(type => new ProfileValueType(Text(strings, type.Type), Text(strings, type.Unit)))];
        IdIndex locationIds = _tables.ResolveIds(strings.Count);
        (int[] stackEnds, int[] stackLocations) = _samples.ResolveStacks(locationIds);
        (int[] labelSetEnds, ProfileLabel[] labels) = _samples.ResolveLabels(strings.Count);
        _samples.CheckValues(sampleTypes.Length);
        return new Profile(new ProfileParts
        {
            SampleTypes = sampleTypes,
            DefaultSampleType = Text(strings, _defaultSampleType),
            PeriodType = new ProfileValueType(Text(strings, _periodType.Type), Text(strings, _periodType.Unit)),
            Period = _period,
            TimeNanoseconds = _time,
            DurationNanoseconds = _duration,
            Comments = [.. _comments.Select(comment => Text(strings, comment))],
            DropFrames = Text(strings, _dropFrames),
            KeepFrames = Text(strings, _keepFrames),
            DocumentationUrl = Text(strings, _documentationUrl),
            Strings = strings,
            SampleStacks = _samples.Stacks,
            SampleLabelSets = _samples.LabelSets,
            Values = _samples.Values,
            StackEnds = stackEnds,
            StackLocations = stackLocations,
            LabelSetEnds = labelSetEnds,
            Labels = labels,
            Locations = _tables.Locations,
            Lines = _tables.Lines,
            Functions = _tables.Functions,
            Mappings = _tables.Mappings,
        });
    }

    private void TakeString(ProtobufWindow field)
    {
        ReadOnlySpan<byte> text = field.Bytes;
        if (_stringEnds.Count == 0 && !text.IsEmpty) throw field.Problem("string_table begins with a text that is not empty");
        if (_stringEnds.Count >= _limits.MaxStrings) throw field.Problem($"more than {_limits.MaxStrings} strings");
        _stringBytes.AddRange(text);
        _stringEnds.Add(_stringBytes.Count);
    }

    private void TakeComments(ProtobufWindow field)
    {
        if (field.Wire != WireType.Bytes)
        {
            AddComment(field, Number(field, "comment"));
            return;
        }

        ReadOnlySpan<byte> packed = field.Bytes;
        for (int next = 0; next < packed.Length;)
        {
            if (!ProtobufMessage.TryVarint(packed, ref next, out ulong value)) throw ProfileException.At(field.BytesOffset + next, "profile.comment", "a number does not end");
            AddComment(field, (long)value);
        }
    }

    private void AddComment(ProtobufWindow field, long place)
    {
        if (_comments.Count >= _limits.MaxComments) throw field.Problem($"more than {_limits.MaxComments} comments");
        _comments.Add(new StringPlace(place, field.FieldOffset, "comment"));
    }

    private static (StringPlace Type, StringPlace Unit) ValueType(ProtobufMessage message)
    {
        StringPlace type = default;
        StringPlace unit = default;
        while (message.Next())
        {
            if (message.Field == 1) type = new StringPlace(message.Int64("type"), message.Offset, "value_type.type");
            else if (message.Field == 2) unit = new StringPlace(message.Int64("unit"), message.Offset, "value_type.unit");
        }

        return (type, unit);
    }

    private static ProtobufMessage Message(ProtobufWindow field, string name)
    {
        Require(field, WireType.Bytes, name);
        return new ProtobufMessage(field.Bytes, field.BytesOffset, name);
    }

    private static long Number(ProtobufWindow field, string name)
    {
        Require(field, WireType.Varint, name);
        return (long)field.Number;
    }

    private static StringPlace Place(ProtobufWindow field, string name) => new(Number(field, name), field.FieldOffset, name);

    private static void Require(ProtobufWindow field, WireType wire, string name)
    {
        if (field.Wire != wire) throw ProfileException.At(field.FieldOffset, name, $"the wire type is {(byte)field.Wire}");
    }

    private static string Text(ProfileStrings strings, StringPlace place)
    {
        if (place.Index >= 0 && place.Index < strings.Count) return strings[(int)place.Index];
        throw ProfileException.At(place.Offset, place.Field ?? "string_table", string.Create(CultureInfo.InvariantCulture, $"string {place.Index} of {strings.Count}"));
    }

    /// <summary>A text told by its place in a table that mostly comes later.</summary>
    private readonly record struct StringPlace(long Index, long Offset, string Field);
}
