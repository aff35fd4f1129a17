using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>Sums who had a core, by process; of each the one thread, as long as there is but one.</summary>
internal sealed class Contenders
{
    private const int MaxProcesses = 512;

    private readonly Dictionary<int, (long Nanoseconds, int Thread)> _byProcess = [];

    public bool IsEmpty => _byProcess.Count == 0;

    public void Add(int process, int thread, long nanoseconds)
    {
        if (nanoseconds <= 0) return;
        ref (long Nanoseconds, int Thread) known = ref CollectionsMarshal.GetValueRefOrNullRef(_byProcess, process);
        if (!Unsafe.IsNullRef(ref known)) known = (known.Nanoseconds + nanoseconds, known.Thread == thread ? thread : KernelEvent.Unknown);
        else if (_byProcess.Count < MaxProcesses) _byProcess.Add(process, (nanoseconds, thread));
        else Add(KernelEvent.Unknown, KernelEvent.Unknown, nanoseconds);
    }

    public void Add(Contenders others)
    {
        foreach ((int process, (long nanoseconds, int thread)) in others._byProcess) Add(process, thread, nanoseconds);
    }

    public void Clear() => _byProcess.Clear();

    public ImmutableArray<RanInstead> Top(int count, Func<int, string?> name) =>
    [
        .. _byProcess.OrderByDescending(one => one.Value.Nanoseconds).ThenBy(one => one.Key).Take(count)
            .Select(one => new RanInstead(one.Key, name(one.Key), one.Value.Thread, one.Value.Nanoseconds)),
    ];
}
