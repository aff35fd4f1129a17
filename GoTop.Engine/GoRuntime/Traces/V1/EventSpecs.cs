namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>What follows an event's first byte, by its type (<c>traceEv…</c> comments in <c>runtime/trace.go</c>).</summary>
internal static class EventSpecs
{
    private const byte Stack = 0x80;
    private const byte Untimed = 0x40;
    private const byte CountMask = 0x0F;

    /// <summary>By type: how many arguments beside time and stack, and whether there is a stack (always last) and no time (always first).</summary>
    private static ReadOnlySpan<byte> Shapes =>
    [
        /* None */ 0, /* Batch */ 2 | Untimed, /* Frequency */ 1 | Untimed, /* Stack */ 2, /* Gomaxprocs */ 1 | Stack, /* ProcStart */ 1, /* ProcStop */ 0,
        /* GCStart */ 1 | Stack, /* GCDone */ 0, /* STWStart */ 1, /* STWDone */ 0, /* GCSweepStart */ 0 | Stack, /* GCSweepDone */ 2,
        /* GoCreate */ 2 | Stack, /* GoStart */ 2, /* GoEnd */ 0, /* GoStop */ 0 | Stack, /* GoSched */ 0 | Stack, /* GoPreempt */ 0 | Stack,
        /* GoSleep */ 0 | Stack, /* GoBlock */ 0 | Stack, /* GoUnblock */ 2 | Stack, /* GoBlockSend */ 0 | Stack, /* GoBlockRecv */ 0 | Stack,
        /* GoBlockSelect */ 0 | Stack, /* GoBlockSync */ 0 | Stack, /* GoBlockCond */ 0 | Stack, /* GoBlockNet */ 0 | Stack,
        /* GoSysCall */ 0 | Stack, /* GoSysExit */ 3, /* GoSysBlock */ 0, /* GoWaiting */ 1, /* GoInSyscall */ 1, /* HeapAlloc */ 1, /* HeapGoal */ 1,
        /* TimerGoroutine */ 1 | Untimed, /* FutileWakeup */ 0, /* String */ 0, /* GoStartLocal */ 1, /* GoUnblockLocal */ 1 | Stack, /* GoSysExitLocal */ 2,
        /* GoStartLabel */ 3, /* GoBlockGC */ 0 | Stack, /* GCMarkAssistStart */ 0 | Stack, /* GCMarkAssistDone */ 0,
        /* UserTaskCreate */ 3 | Stack, /* UserTaskEnd */ 1 | Stack, /* UserRegion */ 3 | Stack, /* UserLog */ 2 | Stack, /* CPUSample */ 3 | Stack,
    ];

    /// <summary>Go 1.11 traces end with UserLog; CPU samples came with 1.19.</summary>
    public static bool IsKnown(EventType type, int traceVersion) =>
        type is not EventType.None && type < EventType.Count && (type != EventType.CPUSample || traceVersion >= 19);

    public static bool HasStack(EventType type) => (Shapes[(int)type] & Stack) != 0;

    /// <summary>Arguments beside time and stack.</summary>
    public static int Arguments(EventType type) => Shapes[(int)type] & CountMask;

    /// <summary>All numbers of the event in the file, time and stack included.</summary>
    public static int Numbers(EventType type)
    {
        byte shape = Shapes[(int)type];
        return (shape & CountMask) + (shape >> 7) + ((shape & Untimed) == 0 ? 1 : 0);
    }
}
