using System.IO.Compression;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Writes profiles as google/pprof does: <c>go tool pprof</c> and every other reader of profile.proto opens them. Entries get ids
/// counting from 1.
/// </summary>
public static class ProfileWriter
{
    private const int FlushBytes = 64 * 1024;

    /// <param name="output">Gets gzip; stays open.</param>
    public static void Write(Profile profile, Stream output)
    {
        using GZipStream gzip = new(output, CompressionLevel.Fastest, leaveOpen: true);
        WriteUncompressed(profile, gzip);
    }

    /// <param name="output">Stays open.</param>
    public static void WriteUncompressed(Profile profile, Stream output)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(output);
        Encoder encoder = new(profile, output);
        encoder.Write();
    }

    private sealed class Encoder(Profile profile, Stream output)
    {
        private readonly ProtobufBuffer _fields = new();
        private readonly ProtobufBuffer _message = new();
        private readonly ProtobufBuffer _inner = new();
        // Texts of the head; the table of strings ends with them.
        private readonly List<string> _headTexts = [];

        public void Write()
        {
            foreach (ProfileValueType type in profile.SampleTypes) ValueType(1, type);
            for (int i = 0; i < profile.SampleCount; i++) Sample(i);
            for (int i = 0; i < profile.Mappings.Length; i++) Mapping(i);
            for (int i = 0; i < profile.Locations.Length; i++) Location(i);
            for (int i = 0; i < profile.Functions.Length; i++) Function(i);
            _fields.Number(7, HeadText(profile.DropFrames));
            _fields.Number(8, HeadText(profile.KeepFrames));
            _fields.Number(9, profile.TimeNanoseconds);
            _fields.Number(10, profile.DurationNanoseconds);
            ValueType(11, profile.PeriodType);
            _fields.Number(12, profile.Period);
            _fields.Packed(13, [.. profile.Comments.Select(HeadText)], _inner);
            _fields.Number(14, HeadText(profile.DefaultSampleType));
            _fields.Number(15, HeadText(profile.DocumentationUrl));
            for (int i = 0; i < profile.Strings.Count; i++)
            {
                _fields.Payload(6, profile.Strings.Utf8(i));
                FlushWhenFull();
            }

            foreach (string text in _headTexts) _fields.Text(6, text);
            Flush();
        }

        private void Sample(int sample)
        {
            _message.Clear();
            _message.PackedIds(1, profile.Stack(profile.SampleStacks[sample]), _inner);
            _message.Packed(2, profile.ValuesOf(sample), _inner);
            foreach (ref readonly ProfileLabel label in profile.LabelSet(profile.SampleLabelSets[sample]))
            {
                _inner.Clear();
                _inner.Number(1, label.Key);
                _inner.Number(2, label.Text);
                _inner.Number(3, label.Number);
                _inner.Number(4, label.Unit);
                _message.Payload(3, _inner.Bytes);
            }

            Field(2);
        }

        private void Mapping(int place)
        {
            ref readonly ProfileMapping mapping = ref profile.Mappings[place];
            _message.Clear();
            _message.Number(1, (ulong)place + 1);
            _message.Number(2, mapping.Start);
            _message.Number(3, mapping.Limit);
            _message.Number(4, mapping.Offset);
            _message.Number(5, mapping.File);
            _message.Number(6, mapping.BuildId);
            _message.Boolean(7, mapping.Traits.HasFlag(ProfileMappingTraits.HasFunctions));
            _message.Boolean(8, mapping.Traits.HasFlag(ProfileMappingTraits.HasFileNames));
            _message.Boolean(9, mapping.Traits.HasFlag(ProfileMappingTraits.HasLineNumbers));
            _message.Boolean(10, mapping.Traits.HasFlag(ProfileMappingTraits.HasInlineFrames));
            Field(3);
        }

        private void Location(int place)
        {
            ref readonly ProfileLocation location = ref profile.Locations[place];
            _message.Clear();
            _message.Number(1, (ulong)place + 1);
            _message.Number(2, (ulong)(location.Mapping + 1));
            _message.Number(3, location.Address);
            foreach (ref readonly ProfileLine line in profile.LinesOf(place))
            {
                _inner.Clear();
                _inner.Number(1, (ulong)line.Function + 1);
                _inner.Number(2, line.Line);
                _inner.Number(3, line.Column);
                _message.Payload(4, _inner.Bytes);
            }

            _message.Boolean(5, location.IsFolded);
            Field(4);
        }

        private void Function(int place)
        {
            ref readonly ProfileFunction function = ref profile.Functions[place];
            _message.Clear();
            _message.Number(1, (ulong)place + 1);
            _message.Number(2, function.Name);
            _message.Number(3, function.SystemName);
            _message.Number(4, function.File);
            _message.Number(5, function.StartLine);
            Field(5);
        }

        private void ValueType(int field, ProfileValueType type)
        {
            _message.Clear();
            _message.Number(1, HeadText(type.Type));
            _message.Number(2, HeadText(type.Unit));
            Field(field);
        }

        /// <summary>Where the text will be in the table of strings; 0, the empty text, for an empty one.</summary>
        private long HeadText(string text)
        {
            if (text.Length == 0) return 0;
            int known = _headTexts.IndexOf(text);
            if (known < 0)
            {
                known = _headTexts.Count;
                _headTexts.Add(text);
            }

            return profile.Strings.Count + known;
        }

        private void Field(int number)
        {
            _fields.Payload(number, _message.Bytes);
            FlushWhenFull();
        }

        private void FlushWhenFull()
        {
            if (_fields.Bytes.Length >= FlushBytes) Flush();
        }

        private void Flush()
        {
            output.Write(_fields.Bytes);
            _fields.Clear();
        }
    }
}
