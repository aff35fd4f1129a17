using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.App;

/// <summary>
/// The last observations of a live target, to step through while paused. The lists of single goroutines and profiles weigh
/// most, so only the newest keep theirs; older ones keep their groups and figures. Safe from any thread.
/// </summary>
/// <param name="most">Observations kept.</param>
/// <param name="mostGoroutines">Rows of single goroutines kept, over all observations.</param>
/// <param name="mostGroups">Groups kept, over all observations; beyond it the oldest observations go.</param>
/// <param name="mostThreads">Rows of threads kept, over all observations; what the kernel's events tell of a moment counts as some hundreds.</param>
/// <param name="mostLogLines">Lines of the log kept, over all observations: each holds the last 2,000, which neighbours share.</param>
/// <param name="mostProfileBytes">Profiles kept, in bytes as served; parsed they take some twenty times as much.</param>
public sealed class RecentObservations(int most = History.UsualTicks, long mostGoroutines = 120_000, long mostGroups = 50_000, long mostThreads = 20_000, long mostProfileBytes = 1 << 20, long mostLogLines = 20_000)
{
    private const string Thinned = "single goroutines are kept for the newest moments only";
    private const string ThreadsThinned = "threads and kernel events are kept for the newest moments only";
    private const int RowsOfKernelReport = 200, RowsOfKernelThread = 4;
    private const string ProfilesThinned = "profiles and traces are kept for the newest moments only";

    private const string LogThinned = "lines of the log are kept for the newest moments only";

    private readonly Lock _gate = new();
    private readonly LinkedList<Observation> _kept = new();
    private readonly ProfileWeights _profiles = new();
    private LinkedListNode<Observation>? _oldestWithRows;
    private LinkedListNode<Observation>? _oldestWithThreads;
    private LinkedListNode<Observation>? _oldestWithProfiles;
    private LinkedListNode<Observation>? _oldestWithLog;
    private long _goroutines;
    private long _threads;
    private long _groups;

    public void Add(Observation observation)
    {
        lock (_gate)
        {
            LinkedListNode<Observation> added = _kept.AddLast(observation);
            _oldestWithRows ??= added;
            _oldestWithThreads ??= added;
            _oldestWithProfiles ??= added;
            _oldestWithLog ??= added;
            _profiles.Add(observation);
            _goroutines += Goroutines(observation);
            _threads += Threads(observation);
            _groups += Groups(observation);
            while (_goroutines > mostGoroutines && _oldestWithRows != added) ThinOldest();
            while (_threads > mostThreads && _oldestWithThreads != added) ThinOldestThreads();
            while (_profiles.Bytes > mostProfileBytes && _oldestWithProfiles != added) ThinOldestProfiles();
            while (observation.LogLinesSeen - _oldestWithLog!.Value.LogLinesSeen > mostLogLines && _oldestWithLog != added) ThinOldestLog();
            while (_kept.Count > 1 && (_kept.Count > most || _groups > mostGroups)) DropOldest();
        }
    }

    /// <summary>Takes on what another keeps, which is later than all that this one has.</summary>
    public void AddAll(RecentObservations later)
    {
        Observation[] kept;
        lock (later._gate) kept = [.. later._kept];
        foreach (Observation observation in kept) Add(observation);
    }

    /// <inheritdoc cref="IObservationFeed.Neighbour"/>
    public Observation? Neighbour(Observation from, int ticks)
    {
        long wanted = from.Tick + ticks;
        lock (_gate)
        {
            return ticks < 0
                ? _kept.LastOrDefault(o => o.Tick <= wanted) ?? _kept.FirstOrDefault(o => o.Tick < from.Tick)
                : _kept.FirstOrDefault(o => o.Tick >= wanted) ?? _kept.LastOrDefault(o => o.Tick > from.Tick);
        }
    }

    /// <inheritdoc cref="IObservationFeed.At"/>
    public Observation? At(DateTimeOffset time)
    {
        lock (_gate) return _kept.LastOrDefault(o => o.Now.Time <= time) ?? _kept.FirstOrDefault();
    }

    private void ThinOldest()
    {
        LinkedListNode<Observation> node = _oldestWithRows!;
        _oldestWithRows = node.Next;
        _goroutines -= Goroutines(node.Value);
        node.Value = node.Value.WithoutSingleGoroutines(Thinned);
    }

    private void ThinOldestThreads()
    {
        LinkedListNode<Observation> node = _oldestWithThreads!;
        _oldestWithThreads = node.Next;
        _threads -= Threads(node.Value);
        node.Value = node.Value.WithoutThreads(ThreadsThinned);
    }

    private void ThinOldestProfiles()
    {
        LinkedListNode<Observation> node = _oldestWithProfiles!;
        _oldestWithProfiles = node.Next;
        _profiles.Remove(node.Value);
        node.Value = node.Value.WithoutProfiles(ProfilesThinned);
    }

    private void ThinOldestLog()
    {
        LinkedListNode<Observation> node = _oldestWithLog!;
        _oldestWithLog = node.Next;
        node.Value = node.Value.WithoutLogLines(LogThinned);
    }

    private void DropOldest()
    {
        LinkedListNode<Observation> oldest = _kept.First!;
        if (_oldestWithProfiles == oldest) _oldestWithProfiles = oldest.Next;
        _profiles.Remove(oldest.Value);
        if (_oldestWithLog == oldest) _oldestWithLog = oldest.Next;
        if (_oldestWithRows == oldest) _oldestWithRows = oldest.Next;
        if (_oldestWithThreads == oldest) _oldestWithThreads = oldest.Next;
        _threads -= Threads(oldest.Value);
        _goroutines -= Goroutines(oldest.Value);
        _groups -= Groups(oldest.Value);
        _kept.RemoveFirst();
    }

    private static int Goroutines(Observation observation) =>
        observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table) ? table.Rows.Length : 0;

    private static int Threads(Observation observation) =>
        (observation.Now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads) ? threads.Length : 0)
        + (observation.Now.Kernel.TryGet(out KernelFigures? kernel) ? RowsOfKernelReport + (RowsOfKernelThread * kernel.Report.Threads.Length) : 0);

    private static int Groups(Observation observation) => observation.Now.Groups.TryGet(out var groups) ? groups.Length : 0;
}

/// <summary>What the profiles and traces of a run of observations weigh: many share the same one, which counts once.</summary>
internal sealed class ProfileWeights
{
    /// <summary>A trace's report is bounded; as many bytes of a profile weigh about the same.</summary>
    private const int TraceBytes = 16 << 10;

    private readonly Dictionary<object, int> _holders = new(ReferenceEqualityComparer.Instance);

    public long Bytes { get; private set; }

    public void Add(Observation observation)
    {
        foreach ((object kept, int bytes) in Of(observation))
        {
            int holders = _holders.GetValueOrDefault(kept);
            _holders[kept] = holders + 1;
            if (holders == 0) Bytes += bytes;
        }
    }

    public void Remove(Observation observation)
    {
        foreach ((object kept, int bytes) in Of(observation))
        {
            if (!_holders.TryGetValue(kept, out int holders)) continue;
            if (holders > 1)
            {
                _holders[kept] = holders - 1;
            }
            else
            {
                _holders.Remove(kept);
                Bytes -= bytes;
            }
        }
    }

    private static IEnumerable<(object Kept, int Bytes)> Of(Observation observation)
    {
        foreach (ProfileKind kind in ProfileCaptures.Kinds)
        {
            if (observation.Now.Facts.ProfileCaptures[kind].TryGet(out ProfileCapture? capture)) yield return (capture, capture.Content.Length);
        }

        if (observation.Now.Facts.Trace.TryGet(out TraceBurst? trace)) yield return (trace, TraceBytes);
    }
}
