using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>Goes through the batches of one M and holds the event that comes next.</summary>
internal sealed class BatchCursor
{
    /// <summary>Half of what fits, so that no sum of times can overflow.</summary>
    private const long MaxTime = long.MaxValue / 2;

    private readonly List<Batch> _batches = [];
    private byte[] _block = [];
    private int _position;
    private int _end;
    private int _start;
    private int _next;

    /// <summary>The M, or <see cref="WireFormat.NoThread"/>.</summary>
    public long Thread { get; set; }

    /// <summary>State of the M, looked up once; null for no M.</summary>
    public ThreadState? State { get; set; }

    public long Time { get; private set; }

    public WireType Type { get; private set; }

    public ulong Argument0 { get; private set; }

    public ulong Argument1 { get; private set; }

    public ulong Argument2 { get; private set; }

    public ulong Argument3 { get; private set; }

    public void Reset(long thread)
    {
        _batches.Clear();
        _block = [];
        _position = _end = _next = 0;
        Thread = thread;
        State = null;
    }

    public void Add(in Batch batch) => _batches.Add(batch);

    /// <summary>Reads the next event.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="TraceFormatException">Without a place: see <see cref="Broken"/>.</exception>
    public bool MoveNext(ClockBatch clock)
    {
        if (_position >= _end && !NextBatch(clock)) return false;
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(_block);
        int position = _position;
        _start = position;
        byte type = Unsafe.Add(ref bytes, position++);
        ReadOnlySpan<byte> counts = WireFormat.ArgumentCounts;
        int arguments = type < counts.Length ? counts[type] : WireFormat.NoEvent;
        if (arguments == WireFormat.NoEvent) throw new TraceFormatException($"{type} is no type of event");
        Type = (WireType)type;
        ulong passed = Varint.Read(ref bytes, ref position);
        if (arguments > 0)
        {
            Argument0 = Varint.Read(ref bytes, ref position);
            if (arguments > 1)
            {
                Argument1 = Varint.Read(ref bytes, ref position);
                if (arguments > 2)
                {
                    Argument2 = Varint.Read(ref bytes, ref position);
                    if (arguments > 3) Argument3 = Varint.Read(ref bytes, ref position);
                }
            }
        }

        if (position > _end) throw new TraceFormatException("an event is cut off by the end of its batch");
        _position = position;
        // Each step is rounded by itself, as the reference does, so that times are the same to the nanosecond.
        long time = Time + (long)((long)passed * clock.NanosecondsPerTick);
        if ((ulong)time > MaxTime) throw new TraceFormatException("a time is beyond what can be");
        Time = time;
        return true;
    }

    /// <summary>An error at the event at hand.</summary>
    public TraceFormatException Broken(string reason, PlaceInTrace place) =>
        _next == 0 ? new TraceFormatException(reason, generation: place.Generation) : place.Broken(reason, _batches[_next - 1], _start - _batches[_next - 1].Start);

    private bool NextBatch(ClockBatch clock)
    {
        while (_next < _batches.Count)
        {
            Batch batch = _batches[_next++];
            _block = batch.Block;
            _start = _position = batch.Start;
            _end = batch.End;
            if (batch.Length == 0) continue;
            Time = clock.Nanoseconds(batch.Ticks);
            if ((ulong)Time > MaxTime) throw new TraceFormatException("a time is beyond what can be");
            return true;
        }

        return false;
    }
}
