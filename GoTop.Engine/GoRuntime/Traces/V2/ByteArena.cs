namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>Holds the batches of one generation in a few large blocks, which the next generation uses again.</summary>
internal sealed class ByteArena
{
    private const int BlockBytes = 256 << 10;

    private readonly List<byte[]> _blocks = [];
    private int _block = -1;
    private int _used = BlockBytes;

    /// <summary>What is in use by the present generation.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Copies a batch. Behind it at least <see cref="WireFormat.MaxEventBytes"/> more bytes can be read, whatever they are, so
    /// that an event can be read without looking for the end at each byte.
    /// </summary>
    /// <param name="data">At most <see cref="WireFormat.MaxBatchBytes"/>.</param>
    public (byte[] Block, int Start) Add(ReadOnlySpan<byte> data)
    {
        if (_block < 0 || _used + data.Length > BlockBytes)
        {
            if (++_block == _blocks.Count) _blocks.Add(GC.AllocateUninitializedArray<byte>(BlockBytes + WireFormat.MaxEventBytes));
            _used = 0;
        }

        byte[] block = _blocks[_block];
        int start = _used;
        data.CopyTo(block.AsSpan(start));
        _used += data.Length;
        Bytes += data.Length;
        return (block, start);
    }

    public void Clear()
    {
        _block = -1;
        _used = BlockBytes;
        Bytes = 0;
    }
}
