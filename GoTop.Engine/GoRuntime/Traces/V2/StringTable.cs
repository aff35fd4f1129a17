using System.Runtime.CompilerServices;
using System.Text;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>The texts of one generation; those that events or frames name get a number that outlives it.</summary>
internal sealed class StringTable(TraceNames names, TraceLimits limits)
{
    private const int NotNamed = -1;

    private readonly IdIndex _index = new();
    private (byte[] Block, int Start, int Length)[] _texts = new (byte[], int, int)[256];
    private int[] _names = new int[256];
    private int[] _stopTheWorldNames = new int[256];

    public int Count => _index.Count;

    public void Clear() => _index.Clear();

    public void AddBatch(in Batch batch, PlaceInTrace place)
    {
        ReadOnlySpan<byte> data = batch.Data;
        int position = 1;
        while (position < data.Length)
        {
            int start = position;
            if ((WireType)data[position++] != WireType.String) throw place.Broken($"a string was expected, not {data[start]}", batch, start);
            if (!Varint.TryRead(data, ref position, out ulong id) || !Varint.TryRead(data, ref position, out ulong length)) throw place.Broken("a string is cut off", batch, start);
            if (length > WireFormat.MaxStringBytes) throw place.Broken($"a string of {length} bytes: {WireFormat.MaxStringBytes} is the most", batch, start);
            if ((int)length > data.Length - position) throw place.Broken("a string is cut off", batch, start);
            if (!_index.TryAdd(id)) throw place.Broken($"two strings have the number {id}", batch, start);
            if (_index.Count > limits.MaxTableEntries) throw place.Broken($"more than {limits.MaxTableEntries} strings", batch, start);
            Set(_index.Count, (batch.Block, batch.Start + position, (int)length));
            position += (int)length;
        }
    }

    /// <summary>Whether events may name it.</summary>
    public bool Has(ulong id) => _index.Find(id) >= 0;

    /// <summary>The number in <see cref="TraceNames"/>, or −1 when the generation has no such string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Name(ulong id)
    {
        int place = _index.Find(id);
        if (place <= 0) return place;
        int name = _names[place];
        return name != NotNamed ? name : NameOf(place);
    }

    /// <summary>As <see cref="Name"/>, of <c>stop-the-world (TEXT)</c>.</summary>
    public int StopTheWorldName(ulong id)
    {
        int place = _index.Find(id);
        if (place < 0) return place;
        ref int name = ref _stopTheWorldNames[place];
        if (place == 0) return names.Intern("stop-the-world ()");
        if (name == NotNamed) name = names.Intern($"stop-the-world ({TextAt(place)})");
        return name;
    }

    /// <summary>The number of what stands for a text that is cut off.</summary>
    public int NameCutOff() => names.Intern("(name cut off)");

    /// <summary>The same of a stop of the world.</summary>
    public int StopCutOff() => names.Intern("stop-the-world (name cut off)");

    public string Text(ulong id)
    {
        int place = _index.Find(id);
        return place <= 0 ? "" : TextAt(place);
    }

    private int NameOf(int place) => _names[place] = names.Intern(BytesAt(place));

    private string TextAt(int place) => Encoding.UTF8.GetString(BytesAt(place));

    private ReadOnlySpan<byte> BytesAt(int place)
    {
        (byte[] block, int start, int length) = _texts[place];
        return block.AsSpan(start, length);
    }

    private void Set(int place, (byte[] Block, int Start, int Length) text)
    {
        if (place >= _texts.Length)
        {
            Array.Resize(ref _texts, _texts.Length * 2);
            Array.Resize(ref _names, _texts.Length);
            Array.Resize(ref _stopTheWorldNames, _texts.Length);
        }

        _texts[place] = text;
        _names[place] = NotNamed;
        _stopTheWorldNames[place] = NotNamed;
    }
}
