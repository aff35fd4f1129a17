using System.Text;

namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>A format 1 trace is one generation as a whole. Its stacks and texts are read from the file when they are asked for.</summary>
internal sealed class Generation(Contents contents, TraceNames names) : TraceGeneration
{
    /// <summary>By place of the string: its number among the names, from 1; 0: not yet asked for.</summary>
    private readonly int[] _namesFromOne = new int[contents.Strings.Count];

    public override long Number => 1;

    public override int StackCount => contents.StackOffsets.Count;

    public override TraceClockSnapshot? Clock => null;

    public override int ExperimentalBatches => 0;

    public override int ReadStack(int stack, Span<TraceFrame> frames)
    {
        if (stack == 0) return 0;
        ReadOnlySpan<byte> bytes = contents.Bytes;
        int position = contents.StackOffsets[stack - 1];
        int count = (int)Varint.Read(bytes, ref position);
        for (int i = 0; i < Math.Min(count, frames.Length); i++)
        {
            ulong programCounter = Varint.Read(bytes, ref position);
            int function = NameOrNone(Varint.Read(bytes, ref position));
            int file = NameOrNone(Varint.Read(bytes, ref position));
            ulong line = Varint.Read(bytes, ref position);
            frames[i] = new TraceFrame(programCounter, function, file, (int)Math.Min(line, int.MaxValue));
        }

        return count;
    }

    public override string ReadText(long text)
    {
        int position = (int)text;
        int length = (int)Varint.Read(contents.Bytes, ref position);
        return Encoding.UTF8.GetString(contents.Bytes.Slice(position, length));
    }

    /// <returns>The number of the stack among the generation's; 0 where the trace does not have it.</returns>
    public int Stack(uint id) => id == 0 ? 0 : contents.Stacks.Find(id) + 1;

    /// <returns>The number among the trace's names; null where the trace does not have the string.</returns>
    public int? Name(ulong id)
    {
        if (id == 0) return TraceNames.Empty;
        int place = contents.Strings.Find(id);
        if (place < 0) return null;
        ref int name = ref _namesFromOne[place];
        if (name == 0) name = names.Intern(contents.Bytes.Slice(contents.Texts[place].Offset, contents.Texts[place].Length)) + 1;
        return name - 1;
    }

    private int NameOrNone(ulong id) => Name(id) ?? TraceNames.Empty;
}
