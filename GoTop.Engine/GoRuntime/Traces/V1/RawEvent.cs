namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// One event of a format 1 trace in its place in the order of all. Its arguments stay in the file. 24 bytes, as all events
/// of a trace are held at once: only its end tells how long a tick is.
/// </summary>
internal struct RawEvent
{
    public long Ticks;

    /// <summary>Place of its first byte.</summary>
    public int Offset;

    /// <summary>Place among the trace's goroutines.</summary>
    public int Goroutine;

    /// <summary>The trace's number of its stack; 0: none.</summary>
    public uint Stack;

    /// <summary>Place among the trace's Ps.</summary>
    public ushort Proc;

    public EventType Type;

    /// <summary>Its time is another than that of its place in the file: see <see cref="EventOrder"/>.</summary>
    public bool IsRetimed;
}
