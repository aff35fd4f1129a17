using System.Collections;
using System.Numerics;

namespace GoTop.Engine.Model;

/// <summary>The profiles that net/http/pprof serves.</summary>
public enum ProfileKind : byte
{
    /// <summary><c>profile</c>: where CPU time goes, sampled for some seconds.</summary>
    Cpu,

    /// <summary><c>heap</c>: what is in use, and what was allocated since start, by site.</summary>
    Heap,

    /// <summary><c>allocs</c>: the same figures as <see cref="Heap"/>, shown by what was allocated.</summary>
    Allocs,

    /// <summary><c>goroutine</c>: the stacks of all goroutines.</summary>
    Goroutine,

    /// <summary><c>mutex</c>: how long others waited for a lock, by who let it go; empty unless the service enables it.</summary>
    Mutex,

    /// <summary><c>block</c>: how long goroutines waited, by where; empty unless the service enables it.</summary>
    Block,

    /// <summary><c>threadcreate</c>: what made OS threads; mostly one useless stack.</summary>
    ThreadCreate,

    /// <summary><c>goroutineleak</c>: goroutines that nothing can wake; runs a GC (Go 1.27, 1.26 by experiment).</summary>
    GoroutineLeak,
}

/// <summary>A set of kinds of profile; compared by what is in it.</summary>
public readonly record struct ProfileKindSet : IEnumerable<ProfileKind>
{
    private readonly ushort _bits;

    private ProfileKindSet(ushort bits) => _bits = bits;

    public static ProfileKindSet Empty => default;

    public int Count => BitOperations.PopCount(_bits);

    public static ProfileKindSet Of(params ReadOnlySpan<ProfileKind> kinds)
    {
        ProfileKindSet set = default;
        foreach (ProfileKind kind in kinds) set = set.With(kind);
        return set;
    }

    public bool Contains(ProfileKind kind) => (_bits & (1 << (int)kind)) != 0;

    public ProfileKindSet With(ProfileKind kind) => new((ushort)(_bits | (1 << (int)kind)));

    public ProfileKindSet Without(ProfileKind kind) => new((ushort)(_bits & ~(1 << (int)kind)));

    public IEnumerator<ProfileKind> GetEnumerator()
    {
        for (int kind = 0; kind < 16; kind++)
        {
            if ((_bits & (1 << kind)) != 0) yield return (ProfileKind)kind;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", this);
}
