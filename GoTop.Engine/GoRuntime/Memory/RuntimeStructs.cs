using GoTop.Engine.GoRuntime.Memory.Waits;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Where the fields of runtime.g that are read lie in it.</summary>
internal sealed record GoroutineLayout
{
    public const string TypeName = "runtime.g";

    public static readonly string[] Required =
    [
        "stack.lo", "stack.hi", "sched.sp", "sched.pc", "atomicstatus", "goid", "waitsince", "waitreason", "gopc", "startpc", "lockedm", "syscallsp", "syscallpc",
    ];

    public GoroutineLayout(StructFields g)
    {
        StackLow = g["stack.lo"];
        StackHigh = g["stack.hi"];
        SchedStackPointer = g["sched.sp"];
        SchedPc = g["sched.pc"];
        SyscallStackPointer = g["syscallsp"];
        SyscallPc = g["syscallpc"];
        Status = g["atomicstatus"];
        Id = g["goid"];
        WaitSince = g["waitsince"];
        WaitReason = g["waitreason"];
        CreatorPc = g["gopc"];
        StartPc = g["startpc"];
        LockedThread = g["lockedm"];
        ParentId = g.Find("parentGoid");
        RunningCleanups = g.Find("runningCleanups");
        Waiting = g.Find("waiting");
        Labels = g.Find("labels");
        int last = 0;
        foreach (int offset in (ReadOnlySpan<int>)[StackLow, StackHigh, SchedStackPointer, SchedPc, SyscallStackPointer, SyscallPc, Status, Id, WaitSince, WaitReason, CreatorPc, StartPc, LockedThread, ParentId, RunningCleanups, Waiting, Labels])
        {
            last = Math.Max(last, offset);
        }

        Length = last + 8;
    }

    /// <summary>Bytes of a g that hold all of these.</summary>
    public int Length { get; }

    public int StackLow { get; }

    public int StackHigh { get; }

    public int SchedStackPointer { get; }

    public int SchedPc { get; }

    public int SyscallStackPointer { get; }

    public int SyscallPc { get; }

    public int Status { get; }

    public int Id { get; }

    public int WaitSince { get; }

    public int WaitReason { get; }

    public int CreatorPc { get; }

    public int StartPc { get; }

    public int LockedThread { get; }

    /// <summary>−1 before 1.21.</summary>
    public int ParentId { get; }

    /// <summary>−1 before 1.25.</summary>
    public int RunningCleanups { get; }

    /// <summary>−1 when this version has no such field.</summary>
    public int Waiting { get; }

    /// <summary>−1 when this version has no such field.</summary>
    public int Labels { get; }
}

/// <summary>Where the fields of runtime.p that are read lie in it.</summary>
internal sealed record ProcLayout
{
    public const string TypeName = "runtime.p";

    public static readonly string[] Required = ["id", "status", "schedtick", "runqhead", "runqtail", "runnext"];

    public ProcLayout(StructFields p)
    {
        Id = p["id"];
        Status = p["status"];
        SchedTick = p["schedtick"];
        RunQueueHead = p["runqhead"];
        RunQueueTail = p["runqtail"];
        RunNext = p["runnext"];
        FreeGoroutines = p.Find("gFree.n", "gFree.size");
        HeadLength = Math.Max(Math.Max(Id, Status), Math.Max(SchedTick, Math.Max(RunQueueHead, RunQueueTail))) + 4;
    }

    public int Id { get; }

    public int Status { get; }

    public int SchedTick { get; }

    public int RunQueueHead { get; }

    public int RunQueueTail { get; }

    public int RunNext { get; }

    /// <summary>−1 when this version counts its dead goroutines otherwise.</summary>
    public int FreeGoroutines { get; }

    /// <summary>Bytes from its start that hold all but the two fields behind its run queue.</summary>
    public int HeadLength { get; }
}

/// <summary>The runtime's structs as this very executable lays them out; the last three may be missing, and what they tell.</summary>
internal sealed record RuntimeStructs(GoroutineLayout Goroutine, ProcLayout Proc, SudogLayout? Sudog, ChannelLayout? Channel, ThreadLayout? Thread)
{
    /// <summary>Of some 450 bytes in Go 1.27.</summary>
    private const int MaximumGoroutineSize = 2048;

    /// <summary>Of some 1,800 bytes on Windows.</summary>
    private const int MaximumThreadSize = 8192;

    /// <summary>Of 96 and 112 bytes.</summary>
    private const int MaximumWaitStructSize = 256;

    public static Reading<RuntimeStructs> Find(TypeDescriptors types)
    {
        Dictionary<string, StructFields> found = types.FindStructs(new Dictionary<string, string[]>
        {
            [GoroutineLayout.TypeName] = GoroutineLayout.Required,
            [ProcLayout.TypeName] = ProcLayout.Required,
            [SudogLayout.TypeName] = SudogLayout.Required,
            [ChannelLayout.TypeName] = ChannelLayout.Required,
            [ThreadLayout.TypeName] = ThreadLayout.Required,
        });
        if (!found.TryGetValue(GoroutineLayout.TypeName, out StructFields? g) || g.Size > MaximumGoroutineSize) return Missing(GoroutineLayout.TypeName);
        return found.TryGetValue(ProcLayout.TypeName, out StructFields? p)
            ? Reading.Of(new RuntimeStructs(
                new GoroutineLayout(g), new ProcLayout(p),
                found.TryGetValue(SudogLayout.TypeName, out StructFields? sudog) && sudog.Size <= MaximumWaitStructSize ? new SudogLayout(sudog) : null,
                found.TryGetValue(ChannelLayout.TypeName, out StructFields? channel) && channel.Size <= MaximumWaitStructSize ? new ChannelLayout(channel) : null,
                found.TryGetValue(ThreadLayout.TypeName, out StructFields? m) && m.Size <= MaximumThreadSize ? new ThreadLayout(m) : null))
            : Missing(ProcLayout.TypeName);
    }

    private static Reading<RuntimeStructs> Missing(string type) =>
        Reading.NotSupported<RuntimeStructs>($"the executable describes no type {type} of a shape known here");
}
