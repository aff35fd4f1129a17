namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>What a byte at the head of a batch or an event means (Go's <c>internal/trace/tracev2</c>; the numbers never changed).</summary>
internal enum WireType : byte
{
    None,
    EventBatch,
    Stacks,
    Stack,
    Strings,
    String,
    CpuSamples,
    CpuSample,
    Frequency,
    ProcsChange,
    ProcStart,
    ProcStop,
    ProcSteal,
    ProcStatus,
    GoCreate,
    GoCreateSyscall,
    GoStart,
    GoDestroy,
    GoDestroySyscall,
    GoStop,
    GoBlock,
    GoUnblock,
    GoSyscallBegin,
    GoSyscallEnd,
    GoSyscallEndBlocked,
    GoStatus,
    StwBegin,
    StwEnd,
    GcActive,
    GcBegin,
    GcEnd,
    GcSweepActive,
    GcSweepBegin,
    GcSweepEnd,
    GcMarkAssistActive,
    GcMarkAssistBegin,
    GcMarkAssistEnd,
    HeapAlloc,
    HeapGoal,
    GoLabel,
    UserTaskBegin,
    UserTaskEnd,
    UserRegionBegin,
    UserRegionEnd,
    UserLog,

    // Go 1.23.
    GoSwitch,
    GoSwitchDestroy,
    GoCreateBlocked,
    GoStatusStack,
    ExperimentalBatch,

    // Go 1.25.
    Sync,
    ClockSnapshot,

    // Go 1.26.
    EndOfGeneration,

    // The AllocFree experiment, Go 1.23.
    FirstExperimental = 128,
    LastExperimental = 136,
}
