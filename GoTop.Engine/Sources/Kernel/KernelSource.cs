using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Kernel;

/// <summary>
/// The kernel's events of the target, summed up in a report of each interval: the events themselves are too many to be kept.
/// The scheduler's are collected only while somebody looks at them or the settings say so; where a system has few and cheap ones
/// of disks and the network, these are collected all the time, in a session of their own.
/// </summary>
public sealed class KernelSource : ISource
{
    public const string SourceName = "kernel";

    private const string NotShown = "collected while a pane shows it";
    private const string Polled = "meanwhile states, switches and CPU time of its threads are polled";
    private const string Begun = "collecting has just begun";

    /// <summary>A person who leafs through panes shall not get reports of milliseconds.</summary>
    private const long ShortestInterval = 200_000_000;

    private readonly IPlatform _platform;
    private readonly ProcessKey _process;
    private readonly KernelEventsMode _mode;
    private readonly TimeProvider _time;
    private KernelCollection? _collection;
    private KernelCollection? _cheap;
    private SourceResult? _refused;
    private Reading<KernelReport> _latest;
    private Reading<KernelReport> _latestCheap = Reading.NotYet<KernelReport>(NotShown);
    private Asked _cheapAsked;

    public KernelSource(IPlatform platform, ProcessKey process, KernelEventsMode mode, TimeProvider time)
    {
        _platform = platform;
        _process = process;
        _mode = mode;
        _time = time;
    }

    public string Name => SourceName;

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => (_collection ?? _cheap)?.CostToTarget ?? (_mode == KernelEventsMode.Never ? "nothing: the settings say never" : "nothing while no pane shows it");

    public bool FollowsInterest => true;

    /// <summary>Its work goes on beside its readings; the first of them waits for the kernel's list of symbols.</summary>
    public bool TimeIsCost => false;

    public static SourceStatus Check(TargetContext context) => LocalTarget.Check(SourceName, context);

    public static ISource? Create(TargetContext context) => context.Target.Process is { } process
        ? new KernelSource(context.Platform, process, context.Kernel.Events, context.Time)
        : null;

    public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        bool wanted = _mode == KernelEventsMode.Always || (_mode == KernelEventsMode.Shown && interest.KernelEvents);
        if (!wanted)
        {
            await EndAsync().ConfigureAwait(false);
            _refused = null;
            if (_mode == KernelEventsMode.Never) return Not(Reading.NotSupported<KernelReport>("kernel.events is \"never\" in gotop.toml"));
            return await ReadCheapAsync().ConfigureAwait(false);
        }

        await DiscardCheapAsync().ConfigureAwait(false);
        if (_refused is not null) return _refused;
        if (_collection is null) return Begin();
        if (!_platform.IsAlive(_process))
        {
            await EndAsync().ConfigureAwait(false);
            return Not(Reading.Failed<KernelReport>($"process {_process.ProcessId} has ended"));
        }

        try
        {
            if (_collection.Take(ShortestInterval) is { } report) _latest = Reading.Of(report);
            return LocalTarget.Result(_latest, new SampleFacts { Kernel = _latest });
        }
        catch
        {
            // What is damaged must not stay so.
            await EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            await EndCheapAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What it counts meanwhile is in the scheduler's reports, which do not depend on it.</summary>
    private async ValueTask DiscardCheapAsync()
    {
        try
        {
            _cheap?.Discard();
        }
        catch (Exception broken)
        {
            _latestCheap = Reading.Failed<KernelReport>(broken.Message);
            await EndCheapAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<SourceResult> ReadCheapAsync()
    {
        if (_cheap is null) return BeginCheap();
        if (!_platform.IsAlive(_process))
        {
            await EndCheapAsync().ConfigureAwait(false);
            return Not(_latestCheap = Reading.Failed<KernelReport>($"process {_process.ProcessId} has ended"));
        }

        try
        {
            if (_cheap.Take(ShortestInterval) is { } report) _latestCheap = Reading.Of(report);
            return LocalTarget.Result(_latestCheap, new SampleFacts { Kernel = _latestCheap });
        }
        catch
        {
            await EndCheapAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Once, and not for a single observation: nothing would have happened by then. It is not tried again, since each try costs the system something.</summary>
    private SourceResult BeginCheap()
    {
        switch (_cheapAsked)
        {
            case Asked.Never:
                _cheapAsked = Asked.Once;
                break;
            case Asked.Once:
                _cheapAsked = Asked.Done;
                Reading<IKernelEventSession> opened = _platform.OpenCheapKernelEvents(_process);
                if (opened.TryGet(out IKernelEventSession? session)) _cheap = Collect(session);
                else if (opened.State == ReadingState.Denied) _latestCheap = Reading.Denied<KernelReport>($"{opened.Reason}; {Polled}");
                else if (opened.State == ReadingState.Failed) _latestCheap = opened.Absent<KernelReport>();
                break;
        }

        return Not(_latestCheap);
    }

    private SourceResult Begin()
    {
        Reading<IKernelEventSession> opened = _platform.OpenKernelEvents(_process);
        if (!opened.TryGet(out IKernelEventSession? session))
        {
            SourceResult result = Not(opened.Absent<KernelReport>());
            // Asked anew when somebody comes back to it.
            if (opened.State is ReadingState.Denied or ReadingState.NotSupported) _refused = result;
            return result;
        }

        _collection = Collect(session);
        _latest = Reading.NotYet<KernelReport>(Begun);
        return Not(_latest);
    }

    private KernelCollection Collect(IKernelEventSession session)
    {
        ImmutableArray<LogicalCore> cores = _platform.ReadHost().TryGet(out HostCounters? host) ? host.Topology.Cores : [];
        return new KernelCollection(session, new KernelAnalysis(_process.ProcessId, cores, session.Coverage, session.BegunAtNanoseconds), new TargetStackNames(_platform, _process, session), _time);
    }

    private async ValueTask EndCheapAsync()
    {
        KernelCollection? ended = _cheap;
        _cheap = null;
        if (ended is not null) await ended.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask EndAsync()
    {
        KernelCollection? ended = _collection;
        _collection = null;
        if (ended is not null) await ended.DisposeAsync().ConfigureAwait(false);
    }

    private static SourceResult Not(Reading<KernelReport> why) => new(new SampleFacts { Kernel = why }, LocalTarget.StateOf(why.State), why.Reason);

    private enum Asked : byte
    {
        Never,
        Once,
        Done,
    }
}
