namespace GoTop.Engine.KernelEvents;

/// <summary>
/// Something a kernel did, in the same words for Windows (ETW) and Linux (perf_event_open), so that what is concluded from it
/// exists once. Events come in the order of their times.
/// </summary>
public readonly record struct KernelEvent
{
    /// <summary>Stands for "not told" where a number would be.</summary>
    public const int Unknown = -1;

    public KernelEventKind Kind { get; init; }

    /// <summary>Why the thread that is switched out stops; of a switch.</summary>
    public ThreadStop Stop { get; init; }

    /// <summary>
    /// What the thread that is switched out waits for, as its kernel has it: a KWAIT_REASON on Windows, a task state
    /// (1 interruptible, 2 uninterruptible …) on Linux. <see cref="Unknown"/> where it is not told.
    /// </summary>
    public int WaitReason { get; init; }

    /// <summary>On the system's monotonic clock (CLOCK_MONOTONIC; the performance counter), in nanoseconds.</summary>
    public long TimeNanoseconds { get; init; }

    /// <summary>The logical processor, counted through all processor groups; <see cref="Unknown"/> where it is not told.</summary>
    public int Cpu { get; init; }

    /// <summary>
    /// The thread it is about: switched in, made ready, sampled, ended; or for whom a disk or the network worked. 0 is the idle
    /// thread. <see cref="Unknown"/> where it is not told.
    /// </summary>
    public int Thread { get; init; }

    /// <summary>The process of <see cref="Thread"/>.</summary>
    public int Process { get; init; }

    /// <summary>Of a switch, the thread that is switched out; of a ready event, the one that woke it.</summary>
    public int OtherThread { get; init; }

    /// <summary>The process of <see cref="OtherThread"/>.</summary>
    public int OtherProcess { get; init; }

    /// <summary>Nanoseconds of an interrupt, bytes of a transfer, number of events lost.</summary>
    public long Value { get; init; }
}

public enum KernelEventKind : byte
{
    None,

    /// <summary>
    /// A core goes from <see cref="KernelEvent.OtherThread"/> to <see cref="KernelEvent.Thread"/>. Where only one side of it
    /// is seen, the other is unknown.
    /// </summary>
    Switch,

    /// <summary>A thread is made ready to run.</summary>
    Ready,

    /// <summary>A core is found at work; comes with a stack.</summary>
    Sample,

    /// <summary>An interrupt's service routine or deferred work has ended; Value: how long it took.</summary>
    Interrupt,

    DiskRead,
    DiskWrite,
    NetworkReceive,
    NetworkSend,

    /// <summary>A page had to be read from a disk. Value: bytes.</summary>
    HardFault,

    ThreadStart,
    ThreadEnd,

    /// <summary>Events were lost before this one. Value: how many. What spans it is not known.</summary>
    Lost,
}

public enum ThreadStop : byte
{
    Unknown,

    /// <summary>It could go on, but another one runs instead.</summary>
    Preempted,

    /// <summary>It waits for something.</summary>
    Waiting,

    Ended,
}
