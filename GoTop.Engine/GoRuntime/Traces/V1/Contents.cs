namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>What <see cref="Scanner"/> found where in a file.</summary>
internal sealed class Contents(byte[] data, int length)
{
    public ReadOnlySpan<byte> Bytes => data.AsSpan(0, length);

    public List<Batch> Batches { get; } = [];

    /// <summary>Whose batches there are, first met first.</summary>
    public List<Proc> Procs { get; } = [];

    /// <summary>Timed events in all batches.</summary>
    public int Events { get; set; }

    public List<CpuSample> CpuSamples { get; } = [];

    public IdTable Strings { get; } = new();

    /// <summary>By place in <see cref="Strings"/>: where the text lies.</summary>
    public List<Text> Texts { get; } = [];

    public IdTable Stacks { get; } = new();

    /// <summary>By place in <see cref="Stacks"/>: where the number of frames stands, the frames after it.</summary>
    public List<int> StackOffsets { get; } = [];

    /// <summary>Goroutines that run timers (Go 1.13 and before).</summary>
    public IdTable TimerGoroutines { get; } = new();

    public long TicksPerSecond { get; set; }

    /// <summary>The file ends inside a record of its tables, which come last.</summary>
    public bool IsCut { get; set; }
}

/// <summary>A run of events of one P.</summary>
/// <param name="Start">Place of its first record, after the head.</param>
/// <param name="Ticks">Time from which that of its first event counts.</param>
internal record struct Batch(int Start, int End, long Ticks)
{
    /// <summary>The P's next one in <see cref="Contents.Batches"/>, or −1.</summary>
    public int Next { get; set; } = -1;
}

/// <param name="Id">The trace's own; −1 for events that happened without a P.</param>
internal record struct Proc(int Id, int FirstBatch, int LastBatch);

internal readonly record struct Text(int Offset, int Length);

/// <param name="Offset">Place of its record.</param>
/// <param name="Ticks">When it was taken, not when it was written down.</param>
internal readonly record struct CpuSample(int Offset, long Ticks, int Proc, ulong Goroutine, uint Stack);
