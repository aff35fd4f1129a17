namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>A CPU profile sample; they come apart from the events of the Ms.</summary>
/// <param name="Time">Ticks as read, nanoseconds once they are in order.</param>
internal readonly record struct CpuSample(long Time, long Thread, int Proc, long Goroutine, ulong Stack, int Ordinal);

/// <summary>The CPU profile samples of one generation, in order of time.</summary>
internal sealed class CpuSamples(TraceLimits limits)
{
    private readonly List<CpuSample> _samples = [];

    public int Count => _samples.Count;

    public CpuSample this[int index] => _samples[index];

    public void Clear() => _samples.Clear();

    public void AddBatch(in Batch batch, PlaceInTrace place)
    {
        ReadOnlySpan<byte> data = batch.Data;
        int position = 1;
        while (position < data.Length)
        {
            int start = position;
            if ((WireType)data[position++] != WireType.CpuSample) throw place.Broken($"a CPU sample was expected, not {data[start]}", batch, start);
            if (!Varint.TryRead(data, ref position, out ulong ticks) || !Varint.TryRead(data, ref position, out ulong thread) || !Varint.TryRead(data, ref position, out ulong proc)
                || !Varint.TryRead(data, ref position, out ulong goroutine) || !Varint.TryRead(data, ref position, out ulong stack))
                throw place.Broken("a CPU sample is cut off", batch, start);
            if (_samples.Count >= limits.MaxTableEntries) throw place.Broken($"more than {limits.MaxTableEntries} CPU samples", batch, start);
            _samples.Add(new CpuSample(
                (long)ticks, (long)thread, proc <= int.MaxValue ? (int)proc : TraceEvent.None, goroutine == 0 ? TraceEvent.None : (long)goroutine, stack, _samples.Count));
        }
    }

    /// <summary>Turns ticks into nanoseconds and sorts; samples of one moment stay as they came.</summary>
    public void Order(ClockBatch clock)
    {
        Span<CpuSample> samples = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_samples);
        foreach (ref CpuSample sample in samples) sample = sample with { Time = clock.Nanoseconds((ulong)sample.Time) };
        samples.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Ordinal.CompareTo(b.Ordinal));
    }
}
