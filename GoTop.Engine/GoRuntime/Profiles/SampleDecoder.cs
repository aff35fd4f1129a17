using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// The samples of a profile as they come. Their stacks and labels stay encoded until the tables they refer to are known, and each
/// distinct one is decoded once.
/// </summary>
internal sealed class SampleDecoder(ProfileLimits limits)
{
    private const ulong LocationField = 1;
    private const ulong ValueField = 2;
    private const ulong LabelField = 3;

    private readonly ByteInterner _stacks = new();
    private readonly ByteInterner _labelSets = new();
    private readonly Column<int> _sampleStacks = new(1024);
    private readonly Column<int> _sampleLabelSets = new(1024);
    private readonly Column<long> _values = new(1024);
    // For fields that are not in one piece.
    private readonly Column<byte> _stackPieces = new(256);
    private readonly Column<byte> _labelPieces = new(256);
    private int _valuesPerSample;
    private long _firstOffset;

    public int[] Stacks => _sampleStacks.ToArray();

    public int[] LabelSets => _sampleLabelSets.ToArray();

    public long[] Values => _values.ToArray();

    public void Take(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_sampleStacks.Count >= limits.MaxSamples) throw ProfileException.At(offset, "sample", $"more than {limits.MaxSamples} samples");
        ProtobufMessage message = new(bytes, offset, "sample");
        ReadOnlySpan<byte> stack = default;
        int labelsStart = 0;
        int labelsEnd = 0;
        bool stackInPieces = false;
        bool labelsInPieces = false;
        int valuesBefore = _values.Count;
        while (message.Next())
        {
            switch (message.Field)
            {
                case LocationField when message.Wire == WireType.Bytes && stack.IsEmpty && !stackInPieces:
                    stack = message.Bytes;
                    break;
                case LocationField:
                    if (!stackInPieces)
                    {
                        _stackPieces.Clear();
                        _stackPieces.AddRange(stack);
                        stackInPieces = true;
                    }

                    if (message.Wire == WireType.Bytes) _stackPieces.AddRange(message.Bytes);
                    else AddVarint(_stackPieces, message.UInt64("location_id"));
                    break;
                case ValueField:
                    TakeValues(message);
                    break;
                case LabelField:
                    _ = message.Payload("label");
                    if (labelsInPieces)
                    {
                        _labelPieces.AddRange(bytes[message.FieldStart..message.FieldEnd]);
                    }
                    else if (labelsEnd == 0 || labelsEnd == message.FieldStart)
                    {
                        if (labelsEnd == 0) labelsStart = message.FieldStart;
                        labelsEnd = message.FieldEnd;
                    }
                    else
                    {
                        _labelPieces.Clear();
                        _labelPieces.AddRange(bytes[labelsStart..labelsEnd]);
                        _labelPieces.AddRange(bytes[message.FieldStart..message.FieldEnd]);
                        labelsInPieces = true;
                    }

                    break;
            }
        }

        if (_sampleStacks.Count == 0)
        {
            _valuesPerSample = _values.Count;
            _firstOffset = offset;
        }
        else if (_values.Count - valuesBefore != _valuesPerSample)
        {
            throw ProfileException.At(offset, "sample.value", $"{_values.Count - valuesBefore} values; the samples before have {_valuesPerSample}");
        }

        _sampleStacks.Add(_stacks.Intern(stackInPieces ? _stackPieces.Items : stack, offset));
        _sampleLabelSets.Add(_labelSets.Intern(labelsInPieces ? _labelPieces.Items : bytes[labelsStart..labelsEnd], offset));
    }

    public void CheckValues(int sampleTypes)
    {
        if (_sampleStacks.Count > 0 && sampleTypes == 0) throw new ProfileException("sample_type: there are samples, but no types of them");
        if (_sampleStacks.Count > 0 && _valuesPerSample != sampleTypes)
            throw ProfileException.At(_firstOffset, "sample.value", $"{_valuesPerSample} values for {sampleTypes} sample types");
    }

    /// <summary>The ends of all distinct stacks, and their locations by place.</summary>
    public (int[] Ends, int[] Locations) ResolveStacks(IdIndex locationIds)
    {
        int count = 0;
        for (int i = 0; i < _stacks.Count; i++)
        {
            count += Numbers(_stacks[i]);
            if (count > limits.MaxStackLocations) throw ProfileException.At(_stacks.OffsetOf(i), "sample.location_id", $"the stacks have more than {limits.MaxStackLocations} locations");
        }

        int[] ends = new int[_stacks.Count];
        int[] locations = GC.AllocateUninitializedArray<int>(count);
        int at = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            ReadOnlySpan<byte> encoded = _stacks[i];
            for (int next = 0; next < encoded.Length;)
            {
                if (!ProtobufMessage.TryVarint(encoded, ref next, out ulong id)) throw ProfileException.At(_stacks.OffsetOf(i), "sample.location_id", "a number does not end");
                int location = locationIds.Find(id);
                if (location < 0) throw ProfileException.At(_stacks.OffsetOf(i), "sample.location_id", string.Create(CultureInfo.InvariantCulture, $"there is no location {id}"));
                locations[at++] = location;
            }

            ends[i] = at;
        }

        return (ends, locations);
    }

    /// <summary>How many numbers end in these bytes: each in its only byte without the highest bit.</summary>
    private static int Numbers(ReadOnlySpan<byte> encoded)
    {
        int continued = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(encoded);
        foreach (ulong word in words) continued += BitOperations.PopCount(word & 0x8080808080808080);
        foreach (byte one in encoded[(words.Length * sizeof(ulong))..]) continued += one >> 7;
        return encoded.Length - continued;
    }

    /// <summary>The ends of all distinct sets of labels, and the labels.</summary>
    public (int[] Ends, ProfileLabel[] Labels) ResolveLabels(int strings)
    {
        int[] ends = new int[_labelSets.Count];
        Column<ProfileLabel> labels = new();
        for (int i = 0; i < ends.Length; i++)
        {
            ProtobufMessage set = new(_labelSets[i], _labelSets.OffsetOf(i), "sample");
            while (set.Next())
            {
                if (labels.Count >= limits.MaxLabels) throw set.Problem($"more than {limits.MaxLabels} labels");
                if (Label(new ProtobufMessage(set.Bytes, _labelSets.OffsetOf(i), "sample.label"), strings) is { } label) labels.Add(label);
            }

            ends[i] = labels.Count;
        }

        return (ends, labels.ToArray());
    }

    /// <summary>Null for one that has neither a text nor a number, which google/pprof passes over.</summary>
    private static ProfileLabel? Label(ProtobufMessage message, int strings)
    {
        long key = 0;
        long text = 0;
        long number = 0;
        long unit = 0;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    key = message.Int64("key");
                    break;
                case 2:
                    text = message.Int64("str");
                    break;
                case 3:
                    number = message.Int64("num");
                    break;
                case 4:
                    unit = message.Int64("num_unit");
                    break;
            }
        }

        if (text != 0) unit = 0;
        foreach (long place in (ReadOnlySpan<long>)[key, text, unit])
        {
            if (place < 0 || place >= strings) throw message.Problem(string.Create(CultureInfo.InvariantCulture, $"string {place} of {strings}"));
        }

        if (text != 0) return new ProfileLabel((int)key, (int)text, 0, 0);
        return number != 0 || unit != 0 ? new ProfileLabel((int)key, 0, number, (int)unit) : null;
    }

    private void TakeValues(in ProtobufMessage message)
    {
        if (message.Wire != WireType.Bytes)
        {
            _values.Add(message.Int64("value"));
            return;
        }

        ReadOnlySpan<byte> packed = message.Bytes;
        for (int next = 0; next < packed.Length;)
        {
            if (!ProtobufMessage.TryVarint(packed, ref next, out ulong value)) throw ProfileException.At(message.BytesOffset + next, "sample.value", "a number does not end");
            _values.Add((long)value);
        }
    }

    private static void AddVarint(Column<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
