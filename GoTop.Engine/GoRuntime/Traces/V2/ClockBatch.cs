namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>How the ticks of a generation become nanoseconds, and how its clock stands to others.</summary>
internal sealed class ClockBatch
{
    /// <summary>Nanoseconds per tick; 0 until it is told.</summary>
    public double NanosecondsPerTick { get; private set; }

    public TraceClockSnapshot? Snapshot { get; private set; }

    private (ulong Ticks, ulong Monotonic, ulong Seconds, ulong Nanoseconds)? _snapshot;

    public void Clear()
    {
        NanosecondsPerTick = 0;
        Snapshot = null;
        _snapshot = null;
    }

    /// <summary>Rounded towards zero, as the reference does it for each step of time.</summary>
    public long Nanoseconds(ulong ticks) => (long)(ticks * NanosecondsPerTick);

    /// <summary>Up to Go 1.24 a batch with a frequency alone, from 1.25 on a Sync batch with a frequency and a clock snapshot.</summary>
    public void AddBatch(in Batch batch, bool isSync, PlaceInTrace place)
    {
        ReadOnlySpan<byte> data = batch.Data;
        ulong ticks = batch.Ticks;
        int position = isSync ? 1 : 0;
        while (position < data.Length)
        {
            int start = position;
            switch ((WireType)data[position++])
            {
                case WireType.Frequency:
                    if (NanosecondsPerTick != 0) throw place.Broken("a second frequency", batch, start);
                    if (!Varint.TryRead(data, ref position, out ulong perSecond)) throw place.Broken("the frequency is cut off", batch, start);
                    if (perSecond == 0) throw place.Broken("a frequency of 0", batch, start);
                    // Written as the reference computes it, for the same last bit.
                    NanosecondsPerTick = 1.0 / (perSecond / 1e9);
                    break;
                case WireType.ClockSnapshot when isSync:
                    if (_snapshot is not null) throw place.Broken("a second clock snapshot", batch, start);
                    if (!Varint.TryRead(data, ref position, out ulong passed) || !Varint.TryRead(data, ref position, out ulong monotonic)
                        || !Varint.TryRead(data, ref position, out ulong seconds) || !Varint.TryRead(data, ref position, out ulong nanoseconds))
                        throw place.Broken("the clock snapshot is cut off", batch, start);
                    ticks += passed;
                    _snapshot = (ticks, monotonic, seconds, nanoseconds);
                    break;
                default:
                    throw place.Broken($"a frequency or a clock snapshot was expected, not {data[start]}", batch, start);
            }
        }

        if (_snapshot is { } read && NanosecondsPerTick != 0)
            Snapshot = new TraceClockSnapshot(Nanoseconds(read.Ticks), (long)read.Monotonic, (long)(read.Seconds * 1_000_000_000 + read.Nanoseconds));
    }
}
