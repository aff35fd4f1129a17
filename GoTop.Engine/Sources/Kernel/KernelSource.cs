using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Kernel;

/// <summary>
/// The kernel's events of the target, summed up in a report of each interval: the events themselves are too many to be kept.
/// Collected only while somebody looks at them or the settings say so.
/// </summary>
public sealed class KernelSource : ISource
{
    public const string SourceName = "kernel";

    private const string NotShown = "collected while a pane shows it";
    private const string Begun = "collecting has just begun";

    /// <summary>A person who leafs through panes shall not get reports of milliseconds.</summary>
    private const long ShortestInterval = 200_000_000;

    private readonly IPlatform _platform;
    private readonly ProcessKey _process;
    private readonly KernelEventsMode _mode;
    private readonly TimeProvider _time;
    private KernelCollection? _collection;
    private SourceResult? _refused;
    private Reading<KernelReport> _latest;

    public KernelSource(IPlatform platform, ProcessKey process, KernelEventsMode mode, TimeProvider time)
    {
        _platform = platform;
        _process = process;
        _mode = mode;
        _time = time;
    }

    public string Name => SourceName;

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => _collection?.CostToTarget ?? (_mode == KernelEventsMode.Never ? "nothing: the settings say never" : "nothing while no pane shows it");

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
            string why = _mode == KernelEventsMode.Never ? "kernel.events is \"never\" in gotop.toml" : NotShown;
            return Not(_mode == KernelEventsMode.Never ? Reading.NotSupported<KernelReport>(why) : Reading.NotYet<KernelReport>(why));
        }

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

    public ValueTask DisposeAsync() => EndAsync();

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

        ImmutableArray<LogicalCore> cores = _platform.ReadHost().TryGet(out HostCounters? host) ? host.Topology.Cores : [];
        _collection = new KernelCollection(session, new KernelAnalysis(_process.ProcessId, cores, session.Coverage, session.BegunAtNanoseconds), new TargetStackNames(_platform, _process, session), _time);
        _latest = Reading.NotYet<KernelReport>(Begun);
        return Not(_latest);
    }

    private async ValueTask EndAsync()
    {
        KernelCollection? ended = _collection;
        _collection = null;
        if (ended is not null) await ended.DisposeAsync().ConfigureAwait(false);
    }

    private static SourceResult Not(Reading<KernelReport> why) => new(new SampleFacts { Kernel = why }, LocalTarget.StateOf(why.State), why.Reason);
}
