using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>The stacks of one generation, checked as they come in and decoded when they are asked for.</summary>
internal sealed class StackTable(StringTable strings, TraceLimits limits)
{
    private readonly IdIndex _index = new();
    private (byte[] Block, int Start, int Frames)[] _stacks = new (byte[], int, int)[256];

    public int Count => _index.Count;

    public void Clear() => _index.Clear();

    /// <summary>Call when all strings are there: frames name them.</summary>
    public void AddBatch(in Batch batch, PlaceInTrace place)
    {
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(batch.Block);
        int position = batch.Start + 1;
        while (position < batch.End)
        {
            int start = position;
            if ((WireType)Unsafe.Add(ref bytes, position++) != WireType.Stack) throw place.Broken("a stack was expected", batch, start - batch.Start);
            ulong id = Varint.Read(ref bytes, ref position);
            ulong frames = Varint.Read(ref bytes, ref position);
            if (frames > TraceLimits.MaxFrames) throw place.Broken($"a stack of {frames} frames: {TraceLimits.MaxFrames} are the most", batch, start - batch.Start);
            int first = position, read = 0;
            for (; read < (int)frames && position < batch.End; read++)
            {
                Varint.Read(ref bytes, ref position);
                ulong function = Varint.Read(ref bytes, ref position);
                ulong file = Varint.Read(ref bytes, ref position);
                Varint.Read(ref bytes, ref position);
                if (!strings.Has(function) || !strings.Has(file)) throw place.Broken($"stack {id} names a string that is not there", batch, start - batch.Start);
            }

            if (read < (int)frames || position > batch.End) throw place.Broken("a stack is cut off", batch, start - batch.Start);
            if (!_index.TryAdd(id)) throw place.Broken($"two stacks have the number {id}", batch, start - batch.Start);
            if (_index.Count > limits.MaxTableEntries) throw place.Broken($"more than {limits.MaxTableEntries} stacks", batch, start - batch.Start);
            if (_index.Count >= _stacks.Length) Array.Resize(ref _stacks, _stacks.Length * 2);
            _stacks[_index.Count] = (batch.Block, first, (int)frames);
        }
    }

    /// <summary>The place of a stack from 1 on; 0 for none; −1 for one that is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong id) => _index.Find(id);

    public int Read(int stack, Span<TraceFrame> frames)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)stack, (uint)Count, nameof(stack));
        if (stack == 0) return 0;
        (byte[] block, int position, int count) = _stacks[stack];
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(block);
        for (int i = 0; i < count && i < frames.Length; i++)
        {
            ulong programCounter = Varint.Read(ref bytes, ref position);
            int function = strings.Name(Varint.Read(ref bytes, ref position));
            int file = strings.Name(Varint.Read(ref bytes, ref position));
            ulong line = Varint.Read(ref bytes, ref position);
            frames[i] = new TraceFrame(programCounter, function, file, (int)Math.Min(line, int.MaxValue));
        }

        return count;
    }
}
