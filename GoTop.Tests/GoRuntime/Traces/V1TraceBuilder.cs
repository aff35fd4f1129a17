using System.Text;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Writes traces of format 1, whole or broken, record by record.</summary>
internal sealed class V1TraceBuilder
{
    public const byte Frequency = 2, Stack = 3, Gomaxprocs = 4, ProcStart = 5, ProcStop = 6, GoCreate = 13, GoStart = 14, GoEnd = 15, GoStop = 16, GoSched = 17,
        GoBlock = 20, GoUnblock = 21, GoSysCall = 28, GoSysExit = 29, GoSysBlock = 30, GoWaiting = 31, HeapAlloc = 33, GoStartLocal = 38, UserTaskCreate = 45, UserRegion = 47;

    private readonly List<byte> _bytes = [];

    public V1TraceBuilder(int version = 21) => _bytes.AddRange(Encoding.ASCII.GetBytes($"go 1.{version} trace\0\0\0"));

    public V1TraceBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public V1TraceBuilder Batch(ulong proc, ulong ticks) => Raw(1 | 1 << 6).Numbers(proc, ticks);

    /// <param name="numbers">Time since the P's last event, arguments, stack.</param>
    public V1TraceBuilder Event(byte type, params ulong[] numbers)
    {
        if (numbers.Length <= 3) return Raw((byte)(type | (numbers.Length - 1) << 6)).Numbers(numbers);
        byte[] encoded = [.. numbers.SelectMany(Encode)];
        return Raw((byte)(type | 3 << 6)).Numbers((ulong)encoded.Length).Raw(encoded);
    }

    public V1TraceBuilder String(ulong id, string text) => Raw(37).Numbers(id, (ulong)text.Length).Raw(Encoding.UTF8.GetBytes(text));

    public V1TraceBuilder Numbers(params ulong[] numbers) => Raw([.. numbers.SelectMany(Encode)]);

    /// <summary>Goroutine 1 runs on P 0 from the beginning, so that it can make others.</summary>
    public V1TraceBuilder Begin() => Batch(0, 1000).Event(ProcStart, 0, 7).Event(GoCreate, 1, 1, 0, 0).Event(Gomaxprocs, 1, 2, 0).Event(GoStartLocal, 1, 1);

    /// <summary>A tick is a nanosecond.</summary>
    public byte[] End() => Event(Frequency, 1_000_000_000).ToArray();

    public byte[] ToArray() => [.. _bytes];

    private static IEnumerable<byte> Encode(ulong number)
    {
        for (; number >= 0x80; number >>= 7) yield return (byte)(number | 0x80);
        yield return (byte)number;
    }
}
