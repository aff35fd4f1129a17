namespace GoTop.Engine.GoRuntime.Traces.V1;

internal enum OrderStatus : byte
{
    Dead,
    Runnable,
    Running,
    Waiting,
}

/// <summary>
/// What an event asks of the state of one goroutine (or of the garbage collector) and what it makes of it. The clocks of two
/// CPUs may differ, so that this, not time, tells which of two Ps' events came first (<c>internal/trace/order.go</c>).
/// </summary>
/// <param name="Subject">Place of the goroutine, <see cref="Collector"/> or <see cref="Nothing"/>.</param>
/// <param name="Sequence">What its counter must be, or <see cref="AnySequence"/>.</param>
/// <param name="NextSequence">What its counter becomes; <see cref="AnySequence"/>: stays, <see cref="FollowingSequence"/>: one more.</param>
internal readonly record struct Transition(int Subject, ulong Sequence, OrderStatus Status, ulong NextSequence, OrderStatus NextStatus)
{
    public const int Nothing = -1;
    public const int Collector = -2;
    public const ulong AnySequence = ulong.MaxValue;
    public const ulong FollowingSequence = ulong.MaxValue - 1;

    /// <summary>The event can come at any time.</summary>
    public static readonly Transition None = new(Nothing, AnySequence, OrderStatus.Dead, AnySequence, OrderStatus.Dead);

    public static Transition Create(int goroutine) => new(goroutine, 0, OrderStatus.Dead, 1, OrderStatus.Runnable);

    /// <summary>It waited or was in a system call when tracing began.</summary>
    public static Transition Found(int goroutine) => new(goroutine, 1, OrderStatus.Runnable, 2, OrderStatus.Waiting);

    public static Transition Start(int goroutine, ulong sequence) => new(goroutine, sequence, OrderStatus.Runnable, unchecked(sequence + 1), OrderStatus.Running);

    /// <summary>On the P that made it runnable, whose events come in order anyway.</summary>
    public static Transition StartLocal(int goroutine) => new(goroutine, AnySequence, OrderStatus.Runnable, FollowingSequence, OrderStatus.Running);

    public static Transition Block(int goroutine) => new(goroutine, AnySequence, OrderStatus.Running, AnySequence, OrderStatus.Waiting);

    public static Transition Yield(int goroutine) => new(goroutine, AnySequence, OrderStatus.Running, AnySequence, OrderStatus.Runnable);

    public static Transition Unblock(int goroutine, ulong sequence) =>
        new(goroutine, sequence, OrderStatus.Waiting, unchecked(sequence + 1), OrderStatus.Runnable);

    public static Transition UnblockLocal(int goroutine) => new(goroutine, AnySequence, OrderStatus.Waiting, FollowingSequence, OrderStatus.Runnable);

    public static Transition CollectorStart(ulong sequence) => new(Collector, sequence, OrderStatus.Dead, unchecked(sequence + 1), OrderStatus.Dead);
}
