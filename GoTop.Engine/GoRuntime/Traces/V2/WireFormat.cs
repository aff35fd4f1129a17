namespace GoTop.Engine.GoRuntime.Traces.V2;

internal static class WireFormat
{
    public const int MaxBatchBytes = 64 << 10;
    public const int MaxStringBytes = 1 << 10;

    /// <summary>Of an event's arguments after the time that passed.</summary>
    public const int MaxArguments = 4;

    /// <summary>The most bytes that one event can take: its type, the time and the arguments.</summary>
    public const int MaxEventBytes = 1 + (1 + MaxArguments) * Varint.MaxBytes;

    /// <summary>Not an event of an event batch.</summary>
    public const byte NoEvent = 255;

    /// <summary>Of the batches of no M.</summary>
    public const long NoThread = -1;

    /// <summary>How many arguments follow the time, by type.</summary>
    public static ReadOnlySpan<byte> ArgumentCounts =>
    [
        // None to Frequency.
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        // ProcsChange to ProcStatus.
        2, 2, 0, 3, 2,
        // GoCreate to GoStatus.
        3, 1, 2, 0, 0, 2, 2, 3, 2, 0, 0, 3,
        // StwBegin to HeapGoal.
        2, 0, 1, 2, 1, 1, 1, 2, 1, 1, 0, 1, 1,
        // GoLabel to UserLog.
        1, 4, 2, 3, 3, 4,
        // GoSwitch to GoStatusStack, ExperimentalBatch to EndOfGeneration.
        2, 2, 3, 4, NoEvent, NoEvent, NoEvent, NoEvent,
        // 53 to 127.
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent, NoEvent,
        // The AllocFree experiment: spans, objects, stacks; each exists, is allocated, is freed.
        3, 3, 1, 2, 2, 1, 2, 2, 1,
    ];
}
