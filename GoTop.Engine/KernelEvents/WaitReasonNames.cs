namespace GoTop.Engine.KernelEvents;

/// <summary>A kernel's own words for why a thread does not run.</summary>
public static class WaitReasonNames
{
    public const string NotTold = "not told";

    // KWAIT_REASON of ntddk.h.
    private static readonly string[] Windows =
    [
        "Executive", "FreePage", "PageIn", "PoolAllocation", "DelayExecution", "Suspended", "UserRequest", "WrExecutive", "WrFreePage", "WrPageIn",
        "WrPoolAllocation", "WrDelayExecution", "WrSuspended", "WrUserRequest", "WrEventPair", "WrQueue", "WrLpcReceive", "WrLpcReply", "WrVirtualMemory",
        "WrPageOut", "WrRendezvous", "WrKeyedEvent", "WrTerminated", "WrProcessInSwap", "WrCpuRateControl", "WrCalloutStack", "WrKernel", "WrResource",
        "WrPushLock", "WrMutex", "WrQuantumEnd", "WrDispatchInt", "WrPreempted", "WrYieldExecution", "WrFastMutex", "WrGuardedMutex", "WrRundown",
        "WrAlertByThreadId", "WrDeferredPreempt", "WrPhysicalFault", "WrIoRing", "WrMdlCache", "WrRcu",
    ];

    /// <summary>As <see cref="KernelEvent.WaitReason"/> has it.</summary>
    public static string Of(KernelSystem system, int reason) => system == KernelSystem.Windows ? OfWindows(reason) : OfLinux(reason);

    public static string OfWindows(int reason) => reason < 0 ? NotTold : reason < Windows.Length ? Windows[reason] : $"wait reason {reason}";

    /// <summary>Task states as sched_switch reports them.</summary>
    public static string OfLinux(int state) => state switch
    {
        < 0 => NotTold,
        1 => "sleeping",
        2 => "uninterruptible (disk)",
        4 => "stopped",
        8 => "traced",
        64 => "parked",
        128 => "idle",
        _ => $"state {state}",
    };
}
