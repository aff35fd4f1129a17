namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>Where the fields of runtime.sudog lie: the entry of one goroutine in the queue of what it waits on.</summary>
internal sealed record SudogLayout
{
    public const string TypeName = "runtime.sudog";

    public static readonly string[] Required = ["g", "next", "prev", "elem", "isSelect", "waitlink", "c"];

    public SudogLayout(StructFields sudog)
    {
        Goroutine = sudog["g"];
        Next = sudog["next"];
        Previous = sudog["prev"];
        // Since 1.26 the address stands behind a pointer that the collector may see.
        Element = sudog.Find("elem.vu", "elem");
        IsSelect = sudog["isSelect"];
        WaitLink = sudog["waitlink"];
        Channel = sudog.Find("c.maybeTraceablePtr.vu", "c");
        Length = Math.Max(Math.Max(Math.Max(Goroutine, Next), Math.Max(Previous, Element)), Math.Max(Math.Max(IsSelect, WaitLink), Channel)) + 8;
    }

    /// <summary>Bytes of a sudog that hold all of these.</summary>
    public int Length { get; }

    public int Goroutine { get; }

    /// <summary>In a queue the next entry, in the tree of semaphores the child of higher addresses.</summary>
    public int Next { get; }

    public int Previous { get; }

    /// <summary>Of a wait on a semaphore: its address.</summary>
    public int Element { get; }

    public int IsSelect { get; }

    /// <summary>The same goroutine's next entry in a select, or the next goroutine at the same semaphore.</summary>
    public int WaitLink { get; }

    public int Channel { get; }
}

/// <summary>Where the fields of runtime.hchan lie.</summary>
internal sealed record ChannelLayout
{
    public const string TypeName = "runtime.hchan";

    public static readonly string[] Required = ["qcount", "dataqsiz", "closed", "elemtype", "recvq.first", "sendq.first"];

    public ChannelLayout(StructFields channel)
    {
        Count = channel["qcount"];
        Capacity = channel["dataqsiz"];
        Closed = channel["closed"];
        ElementType = channel["elemtype"];
        Receivers = channel["recvq.first"];
        Senders = channel["sendq.first"];
        Length = Math.Max(Math.Max(Math.Max(Count, Capacity), Math.Max(Closed, ElementType)), Math.Max(Receivers, Senders)) + 8;
    }

    /// <summary>Bytes of a hchan that hold all of these.</summary>
    public int Length { get; }

    public int Count { get; }

    public int Capacity { get; }

    public int Closed { get; }

    public int ElementType { get; }

    /// <summary>The first sudog of those that wait to receive.</summary>
    public int Receivers { get; }

    public int Senders { get; }
}
