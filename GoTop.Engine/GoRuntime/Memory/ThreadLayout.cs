namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Where the fields of runtime.m that are read lie in it.</summary>
internal sealed record ThreadLayout
{
    public const string TypeName = "runtime.m";

    public static readonly string[] Required = ["id", "procid", "curg", "p", "lockedg", "alllink", "spinning", "blocked"];

    public ThreadLayout(StructFields m)
    {
        Id = m["id"];
        OwnThreadId = m["procid"];
        Goroutine = m["curg"];
        Proc = m["p"];
        LockedGoroutine = m["lockedg"];
        Next = m["alllink"];
        Spinning = m["spinning"];
        Blocked = m["blocked"];
        Length = new[] { Id, OwnThreadId, Goroutine, Proc, LockedGoroutine, Next, Spinning, Blocked }.Max() + 8;
    }

    /// <summary>Bytes of an m that hold all of these.</summary>
    public int Length { get; }

    public int Id { get; }

    public int OwnThreadId { get; }

    public int Goroutine { get; }

    public int Proc { get; }

    public int LockedGoroutine { get; }

    /// <summary>To the thread made before it.</summary>
    public int Next { get; }

    public int Spinning { get; }

    public int Blocked { get; }
}
