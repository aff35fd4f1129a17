namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Reads many g's at once. They lie side by side in the heap's spans, so neighbours are read in one range: a twentieth
/// of the ranges, which is what reading costs. Buffers are kept.
/// </summary>
internal sealed class GoroutineBatch(TargetMemory memory, GoroutineLayout layout)
{
    public const int Size = 4096;

    /// <summary>No g is larger than this, so what follows within it is its neighbour in a span.</summary>
    private const int MaximumStride = 768;

    private const int MaximumRange = 64 << 10;

    private readonly MemoryRange[] _ranges = new MemoryRange[Size];
    private readonly bool[] _read = new bool[Size];
    private readonly int[] _offsets = new int[Size];
    private readonly int[] _rangeOf = new int[Size];
    private byte[] _bytes = [];

    /// <param name="pointers">At most <see cref="Size"/>.</param>
    public void Read(ReadOnlySpan<ulong> pointers)
    {
        int ranges = 0;
        int total = 0;
        for (int i = 0; i < pointers.Length; i++)
        {
            ulong address = pointers[i];
            if (ranges > 0)
            {
                ref MemoryRange last = ref _ranges[ranges - 1];
                ulong distance = address - pointers[i - 1];
                ulong grown = address - last.Address + (ulong)layout.Length;
                if (address > pointers[i - 1] && distance <= MaximumStride && grown <= MaximumRange)
                {
                    _offsets[i] = total - last.Length + (int)(address - last.Address);
                    _rangeOf[i] = ranges - 1;
                    total += (int)grown - last.Length;
                    last = last with { Length = (int)grown };
                    continue;
                }
            }

            _offsets[i] = total;
            _rangeOf[i] = ranges;
            _ranges[ranges++] = new MemoryRange(address, layout.Length);
            total += layout.Length;
        }

        if (_bytes.Length < total) _bytes = new byte[total];
        memory.Reader.ReadMany(_ranges.AsSpan(0, ranges), _bytes.AsSpan(0, total), _read.AsSpan(0, ranges));
    }

    /// <summary>False when this one could not be read.</summary>
    public bool TryGet(int index, ulong address, out GoroutineRecord record)
    {
        Span<byte> bytes = _bytes.AsSpan(_offsets[index], layout.Length);
        record = new GoroutineRecord(bytes, layout);
        // A range is read whole or not: what lies between two neighbours may be what could not be.
        return _read[_rangeOf[index]] || memory.Reader.TryRead(address, bytes);
    }
}
