using System.Buffers.Binary;
using System.Collections.Immutable;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Linux;

namespace GoTop.Mutate.Inputs;

/// <summary>Rings of the kernel's records, one behind the other, as perf_event_open lays them out.</summary>
internal static class PerfRecordings
{
    private const int Target = 100;
    private const ulong ClockId = 11, SwitchId = 12, WakeupId = 13;

    private static readonly TracepointLayouts Layouts = new()
    {
        Switch = new SwitchLayout(24, 32, 8, 56),
        WakeupThread = 24,
        Disk = new DiskLayout(24, 28, 8),
        SendResult = 20,
        ReceiveResult = 20,
    };

    public static ImmutableArray<byte[]> Samples =>
    [
        [.. Sample(SwitchId, Words(64, 0, 0, 70L << 32, 1, 0, 0, 101)), .. Sample(WakeupId, Words(36, 0, 0, 101L << 32, 0))],
        [.. Sample(ClockId, Words(0x400, 100, 1000, 0, 4, -128, 0x7fff, -512, 0x401)), .. Other(2, Words(1, 17)), .. Other(7, Words(100, 101, 5)), .. Other(14, [])],
    ];

    public static ImmutableArray<byte[]> Tokens => [.. Enumerable.Range(1, 18).Select(type => new byte[] { (byte)type, 0, 0, 0, 0, 0x20, 8, 0 }), Words(-1), Words(-512), Words(-128), Words(0)];

    public static bool Read(ArraySegment<byte> input)
    {
        PerfRecordReader reader = new(Target, Layouts, perThread: input.Count % 2 == 0);
        reader.Register(ClockId, PerfEventKind.Clock);
        reader.Register(SwitchId, PerfEventKind.Switch);
        reader.Register(WakeupId, PerfEventKind.Wakeup);
        EventBatch batch = new();
        ReadOnlySpan<byte> rest = input;
        while (rest.Length >= 8)
        {
            int size = Math.Clamp((int)BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]), 8, rest.Length);
            reader.Read(rest[..size], batch);
            rest = rest[size..];
        }

        Counter seen = new();
        batch.HandOn(long.MinValue, long.MaxValue, new ThreadOwners(Target), seen);
        return seen.Events > 0;
    }

    private static byte[] Sample(ulong id, byte[] rest) => Record(9, [.. Words((long)id, Target | (101L << 32), 1000, 0), .. rest]);

    private static byte[] Other(uint type, byte[] body) => Record(type, [.. body, .. Words(Target | (101L << 32), 1000, 0, 1)]);

    private static byte[] Record(uint type, byte[] body) => [.. Words(type | ((long)(8 + body.Length) << 48)), .. body];

    private static byte[] Words(params long[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        return bytes;
    }

    private sealed class Counter : IKernelEventSink
    {
        public long Events { get; private set; }

        public void OnEvent(in KernelEvent happened) => Events++;

        public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack) => Events++;
    }
}
