using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Collects on the target's threads alone, which the same user may: when they get and lose a core, and CPU samples. When they
/// are made ready is not told.
/// </summary>
internal sealed class OwnSession : IKernelEventSession
{
    /// <summary>With its first page all that an ordinary user may have for each core (kernel.perf_event_mlock_kb is 516).</summary>
    private const int LargestRingBytes = 512 << 10;

    private const int SmallestRingBytes = 32 << 10;
    private const int MostEvents = 4096;
    private const long SlackNanoseconds = 2_000_000;

    /// <summary>
    /// A switch is two events. Events of a thread are taken from its core and put on it with each switch, so one takes the kernel
    /// 5 µs, where events of a core take 2 (measured on a virtual machine). That is cheap as long as switches are few.
    /// </summary>
    private const double SecondsForEvent = 2.5e-6;

    private const double LargestShare = 0.01;

    private readonly ProcFiles _files;
    private readonly int _target;
    private readonly PerfRecordReader _reader;
    private readonly EventBatch _batch = new();
    private readonly ThreadOwners _owners;
    private readonly KernelSymbols _kernel;
    private readonly LoadGuard _guard;
    private readonly List<PerfEvent> _events = [];
    private readonly Dictionary<int, (PerfEvent Owner, PerfRing Ring)> _rings = [];
    private readonly HashSet<int> _threads = [];
    private ulong[] _heads = [];
    private bool _withoutKernel;

    private OwnSession(ProcFiles files, int target, int cpus, string whyOwn, KernelSymbols kernel)
    {
        _files = files;
        _target = target;
        Coverage = new KernelCoverage(
            KernelSystem.Linux, KernelFacts.Switches | KernelFacts.Samples,
            [
                new MissingFact(KernelFacts.Interrupts, "/proc/stat tells interrupts' time by core"),
                new MissingFact(~(KernelFacts.Switches | KernelFacts.Samples), whyOwn),
            ]);
        _reader = new PerfRecordReader(target, TracepointLayouts.None, perThread: true);
        _owners = new ThreadOwners(target);
        _guard = new LoadGuard(cpus, SecondsForEvent, LargestShare);
        _kernel = kernel;
    }

    public KernelCoverage Coverage { get; private set; }

    public string CostToTarget => _rings.Count == 0
        ? "nothing: it switches too often for that"
        : "~5 µs for each of its switches, and 99 samples/s of each of its running threads";

    public long BegunAtNanoseconds { get; private set; }

    public TimeSpan DrainEvery => TimeSpan.FromMilliseconds(_rings.Count == 0 ? 1000 : 50);

    /// <param name="whyOwn">Why not of the whole machine.</param>
    /// <param name="error">0, or an errno.</param>
    public static OwnSession? TryOpen(ProcFiles files, int target, IReadOnlyList<int> cpus, string whyOwn, KernelSymbols kernel, out int error)
    {
        OwnSession session = new(files, target, cpus.Count, whyOwn, kernel);
        // A thread may be made by one that is not watched yet; what watched ones make is watched.
        if (session.TryWatch(cpus, out error) && session.TryWatch(cpus, out error))
        {
            session._heads = new ulong[session._rings.Count];
            session.BegunAtNanoseconds = files.MonotonicNanoseconds();
            return session;
        }

        session.Dispose();
        return null;
    }

    public long Drain(IKernelEventSink sink)
    {
        long now = _files.MonotonicNanoseconds(), until = now - SlackNanoseconds;
        int index = 0;
        foreach ((_, PerfRing ring) in _rings.Values) _heads[index++] = ring.Head;
        index = 0;
        foreach ((_, PerfRing ring) in _rings.Values) ring.Read(_heads[index++], _reader, _batch);
        _batch.HandOn(BegunAtNanoseconds, until, _owners, sink);
        string? tooMuch = _guard.Next(now, _batch.Events, _batch.Lost);
        _batch.Reset();
        if (tooMuch is not null && _rings.Count > 0) End(tooMuch);
        return until;
    }

    public string? ProcessName(int processId) => ProcessNameReader.Read(_files, processId);

    public string? KernelFunction(ulong address) => _kernel.Find(address);

    public void Dispose() => Close();

    /// <summary>Samples alone would cost as much: it is the threads' having events at all that does. So there is nothing less to ask for.</summary>
    private void End(string why)
    {
        Close();
        Coverage = Coverage with { Told = KernelFacts.None, Missing = [new MissingFact(~KernelFacts.None, $"ended, to spare the target: {why}")] };
    }

    private void Close()
    {
        foreach (PerfEvent one in _events) one.Dispose();
        foreach ((PerfEvent owner, PerfRing ring) in _rings.Values)
        {
            ring.Dispose();
            owner.Dispose();
        }

        _events.Clear();
        _rings.Clear();
    }

    private bool TryWatch(IReadOnlyList<int> cpus, out int error)
    {
        List<int> threads = [];
        error = -_files.ListNumbers($"/proc/{_target}/task", threads, MostEvents);
        if (error != 0) return false;
        foreach (int thread in threads)
        {
            if (!_threads.Add(thread)) continue;
            if ((_events.Count + (2L * cpus.Count)) > MostEvents)
            {
                error = Errno.TooManyFiles;
                return false;
            }

            foreach (int cpu in cpus)
            {
                if (TryWatch(thread, cpu, out error) || error == Errno.NoDevice) continue;
                // A thread may have ended since it was listed.
                if (error == Errno.NoProcess) break;
                return false;
            }
        }

        error = _rings.Count == 0 && error == 0 ? Errno.NoProcess : 0;
        return error == 0;
    }

    private bool TryWatch(int thread, int cpu, out int error)
    {
        PerfAttributes attributes = SystemSession.Clock;
        attributes.Flags |= (ulong)(PerfFlags.ContextSwitch | PerfFlags.Task | PerfFlags.Inherit | (_withoutKernel ? PerfFlags.ExcludeKernel : PerfFlags.None));
        PerfEvent? opened = PerfEvent.TryOpen(attributes, thread, cpu, out error);
        if (opened is null && error == Errno.AccessDenied && !_withoutKernel)
        {
            // perf_event_paranoid 2 lets an ordinary user see no more than user code.
            _withoutKernel = true;
            return TryWatch(thread, cpu, out error);
        }

        if (opened is null) return false;
        _reader.Register(opened.Id, PerfEventKind.Clock);
        if (_rings.TryGetValue(cpu, out (PerfEvent Owner, PerfRing Ring) known))
        {
            _events.Add(opened);
            error = opened.TryRedirect(known.Owner) && opened.TryEnable() ? 0 : Errno.InvalidArgument;
            return error == 0;
        }

        PerfRing? ring = null;
        for (int bytes = LargestRingBytes; ring is null && bytes >= SmallestRingBytes; bytes /= 2) ring = PerfRing.TryMap(opened, bytes, out error);
        if (ring is null)
        {
            opened.Dispose();
            return false;
        }

        _rings.Add(cpu, (opened, ring));
        error = opened.TryEnable() ? 0 : Errno.InvalidArgument;
        return error == 0;
    }
}
