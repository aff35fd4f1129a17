using System.Collections.Immutable;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Collects on all logical processors: everybody's switches, so that it is known who has a core while the target waits; of
/// the rest the kernel leaves out what is not the target's. Needs root (tracepoints).
/// </summary>
internal sealed class SystemSession : IKernelEventSession
{
    /// <summary>Every 10 ms would fall into step with timers.</summary>
    public const ulong SamplesPerSecond = 99;

    /// <summary>1 MB lost heavily in a storm of 90,000 switches a second, 8 MB did not.</summary>
    private const int LargestRingBytes = 8 << 20;

    private const int SmallestRingBytes = 512 << 10;
    private const int AllRingsBytes = 128 << 20;
    private const int MostThreads = 1 << 16;
    private const ushort DeepestStack = 64;

    /// <summary>An event's time is taken a little before it stands in the ring.</summary>
    private const long SlackNanoseconds = 2_000_000;

    private const long BetweenRenames = 5_000_000_000;

    private readonly ProcFiles _files;
    private readonly int _target;
    private readonly ImmutableArray<CpuEvents> _cpus;
    private readonly PerfRecordReader _reader;
    private readonly EventBatch _batch = new();
    private readonly ThreadOwners _owners;
    private readonly LoadGuard _guard;
    private readonly KernelSymbols _kernel;
    private readonly TraceFolder _folder;
    private readonly TracepointLayouts _layouts;
    private readonly ulong[] _heads;
    private SystemLevel _level;
    private string? _whyLess;
    private long _collectedAt;
    private bool _renamed;
    private ImmutableArray<string> _names = [];

    private SystemSession(ProcFiles files, int target, ImmutableArray<CpuEvents> cpus, PerfRecordReader reader, TraceFolder folder, TracepointLayouts layouts, KernelSymbols kernel)
    {
        _files = files;
        _target = target;
        _cpus = cpus;
        _reader = reader;
        _folder = folder;
        _layouts = layouts;
        _heads = new ulong[cpus.Length];
        _owners = new ThreadOwners(target);
        _guard = new LoadGuard(cpus.Length);
        _kernel = kernel;
        Coverage = new KernelCoverage(KernelSystem.Linux, KernelFacts.None, []);
    }

    /// <summary>Where the CPU's time goes, with stacks.</summary>
    public static PerfAttributes Clock => new()
    {
        Type = PerfEvents.Software,
        Config = PerfEvents.CpuClock,
        Period = SamplesPerSecond,
        SampleType = (ulong)(PerfSample.Ip | PerfSample.CallChain),
        Flags = (ulong)(PerfFlags.Frequency | PerfFlags.ExcludeIdle),
        MaxStack = DeepestStack,
    };

    public KernelCoverage Coverage { get; private set; }

    public string CostToTarget => _level switch
    {
        SystemLevel.All or SystemLevel.WithoutTransfers => "~2 µs for each of its switches, and 99 samples/s of each core",
        SystemLevel.TargetOnly => "~2 µs for each of its switches (others' are left out), and 99 samples/s of each core",
        _ => "99 samples/s of each core",
    };

    public long BegunAtNanoseconds { get; private set; }

    /// <summary>The rings hold the events of several times as long, in a storm of 90,000 switches a second too.</summary>
    public TimeSpan DrainEvery => TimeSpan.FromMilliseconds(100);

    /// <param name="error">0, or an errno.</param>
    public static SystemSession? TryOpen(ProcFiles files, int target, IReadOnlyList<int> cpus, TraceFolder folder, KernelSymbols kernel, out int error)
    {
        error = 0;
        TracepointLayouts layouts = TracepointLayouts.Of(folder);
        PerfRecordReader reader = new(target, layouts, perThread: false);
        ImmutableArray<CpuEvents>.Builder opened = ImmutableArray.CreateBuilder<CpuEvents>(cpus.Count);
        int ring = LargestRingBytes;
        while (ring > SmallestRingBytes && (long)ring * cpus.Count > AllRingsBytes) ring /= 2;
        foreach (int cpu in cpus)
        {
            CpuEvents? events = CpuEvents.TryOpen(cpu, ring, reader, out error);
            if (events is not null) opened.Add(events);
            else if (error != Errno.NoDevice) break;
        }

        SystemSession session = new(files, target, opened.ToImmutable(), reader, folder, layouts, kernel);
        if (error is 0 or Errno.NoDevice && opened.Count > 0 && session.TryCollect(out error))
        {
            session.Begin();
            return session;
        }

        session.Dispose();
        return null;
    }

    public long Drain(IKernelEventSink sink)
    {
        long now = _files.MonotonicNanoseconds(), until = now - SlackNanoseconds;
        // All heads before anything is read: what they miss is younger than now.
        for (int i = 0; i < _cpus.Length; i++) _heads[i] = _cpus[i].Ring.Head;
        for (int i = 0; i < _cpus.Length; i++) _cpus[i].Ring.Read(_heads[i], _reader, _batch);
        _batch.HandOn(BegunAtNanoseconds, until, _owners, sink);
        string? tooMuch = _guard.Next(now, _batch.Events, _batch.Lost);
        bool renamed = _batch.NamesChanged;
        _batch.Reset();
        if (tooMuch is not null && _level < SystemLevel.SamplesOnly) AskForLess(tooMuch);
        else FollowNames(now, renamed);
        return until;
    }

    public string? ProcessName(int processId) => ProcessNameReader.Read(_files, processId);

    public string? KernelFunction(ulong address) => _kernel.Find(address);

    public void Dispose()
    {
        foreach (CpuEvents cpu in _cpus) cpu.Dispose();
    }

    private void Begin()
    {
        BegunAtNanoseconds = _files.MonotonicNanoseconds();
        // Those that were there before; whoever begins from now on is told.
        foreach (int thread in Threads())
        {
            _owners.Add(thread, _target);
            _batch.Add(new KernelEvent { Kind = KernelEventKind.ThreadStart, TimeNanoseconds = BegunAtNanoseconds, Thread = thread, Process = _target, OtherThread = KernelEvent.Unknown, OtherProcess = KernelEvent.Unknown });
        }
    }

    private void AskForLess(string why)
    {
        _level++;
        _whyLess = $"left out: {why}";
        Recollect();
    }

    /// <summary>
    /// A target may rename its threads all the time, and each time the events are opened anew some are missed: so only now and
    /// then. Until then the kernel leaves out the wake-ups of threads with new names.
    /// </summary>
    private void FollowNames(long now, bool renamed)
    {
        _renamed |= renamed;
        if (!_renamed || now - _collectedAt < BetweenRenames) return;
        _renamed = false;
        if (!Names().SequenceEqual(_names)) Recollect();
    }

    /// <summary>With other events in place of those that were open: what happened in between is not known.</summary>
    private void Recollect()
    {
        if (!TryCollect(out _))
        {
            _level = SystemLevel.SamplesOnly;
            _whyLess = "the kernel takes these events no longer";
            TryCollect(out _);
        }

        _collectedAt = _files.MonotonicNanoseconds();
        _batch.AddGap(_collectedAt);
    }

    /// <summary>Where the names cannot be put in an expression, everybody's events are told.</summary>
    private bool TryCollect(out int error)
    {
        error = 0;
        _names = Names();
        NameFilter? filter = NameFilter.Of(_names);
        foreach (CpuEvents cpu in _cpus)
        {
            if (!cpu.TryCollect(_folder, _layouts, filter, _level, out error)) return false;
        }

        Coverage = Describe();
        return true;
    }

    private ImmutableArray<string> Names() => NameFilter.NamesOf(_files, _target, Threads());

    private List<int> Threads()
    {
        List<int> threads = [];
        _files.ListNumbers($"/proc/{_target}/task", threads, MostThreads);
        return threads;
    }

    private KernelCoverage Describe()
    {
        const string Interrupts = "/proc/stat tells interrupts' time by core";
        KernelFacts told = _cpus[0].Told;
        foreach (CpuEvents cpu in _cpus) told &= cpu.Told;
        ImmutableArray<MissingFact>.Builder missing = ImmutableArray.CreateBuilder<MissingFact>();
        missing.Add(new MissingFact(KernelFacts.Interrupts, Interrupts));
        if (_whyLess is not null) missing.Add(new MissingFact(~told, _whyLess));
        missing.Add(new MissingFact(KernelFacts.Disk | KernelFacts.Network, "this kernel has no tracepoints for it (network: from 6.3 on)"));
        return new KernelCoverage(KernelSystem.Linux, told, missing.ToImmutable());
    }
}
