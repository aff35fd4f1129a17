using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>What a semaphore belongs to, and how far into it the semaphore lies.</summary>
/// <remarks>
/// Offsets of sync.Mutex (internal/sync.Mutex since 1.24), RWMutex, WaitGroup and Cond, whose layout has not changed from
/// Go 1.19 to 1.27; the noCopy fields before take no room.
/// </remarks>
internal readonly record struct SemaphoreUse(WaitObjectKind Kind, int Offset)
{
    public static readonly SemaphoreUse Unknown = new(WaitObjectKind.Semaphore, 0);
    public static readonly SemaphoreUse Mutex = new(WaitObjectKind.Mutex, 4);
    public static readonly SemaphoreUse Writer = new(WaitObjectKind.RWMutex, 8);
    public static readonly SemaphoreUse Reader = new(WaitObjectKind.RWMutex, 12);
    public static readonly SemaphoreUse WaitGroup = new(WaitObjectKind.WaitGroup, 8);

    /// <summary>Cond.notify, whose waiters are a list and no semaphore.</summary>
    public static readonly SemaphoreUse Cond = new(WaitObjectKind.Cond, 16);

    /// <summary>By the function that asked for it; null for one that says nothing.</summary>
    public static SemaphoreUse? ByFunction(string function) => function switch
    {
        "sync.(*Mutex).lockSlow" or "internal/sync.(*Mutex).lockSlow" => Mutex,
        "sync.(*RWMutex).RLock" => Reader,
        "sync.(*RWMutex).Lock" => Writer,
        "sync.(*WaitGroup).Wait" => WaitGroup,
        _ => null,
    };
}

/// <summary>What the wait reasons say of the thing waited on.</summary>
internal readonly record struct WaitKind(bool OnChannel, bool OnSemaphore, bool OnCond, SemaphoreUse? Use)
{
    public bool OnAnything => OnChannel || OnSemaphore || OnCond;

    /// <param name="reason">As the target words it; those of testing/synctest have an addition.</param>
    public static WaitKind Of(string reason)
    {
        const string durable = " (durable)";
        if (reason.EndsWith(durable, StringComparison.Ordinal)) reason = reason[..^durable.Length];
        return reason switch
        {
            "chan receive" or "chan send" or "select" => new WaitKind(true, false, false, null),
            "sync.Mutex.Lock" => Semaphore(SemaphoreUse.Mutex),
            "sync.RWMutex.RLock" => Semaphore(SemaphoreUse.Reader),
            "sync.RWMutex.Lock" => Semaphore(SemaphoreUse.Writer),
            "sync.WaitGroup.Wait" => Semaphore(SemaphoreUse.WaitGroup),
            // All of them until 1.19, WaitGroups until 1.24: the stack tells.
            "semacquire" => Semaphore(null),
            "sync.Cond.Wait" => new WaitKind(false, false, true, SemaphoreUse.Cond),
            _ => default,
        };

        static WaitKind Semaphore(SemaphoreUse? use) => new(false, true, false, use);
    }
}
