using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>
/// Folds samples into observations: what live watching, replay and tests have in common. One task feeds it.
/// </summary>
/// <param name="before">So many samples were taken before watching begins: they count up to tick 0.</param>
public sealed class Derivation(int before = 0)
{
    private const int LogLinesKept = 2000;

    private readonly History _history = new();
    private Sample? _previous;
    private Snapshot? _previousSnapshot;
    private ImmutableArray<LogEntry> _log = [];
    private long _logSeen;
    private long _logDropped;
    private long _tick = -before;

    /// <summary>A sample that there was and that cannot be had: its tick stays free.</summary>
    public void Skip() => _tick++;

    /// <param name="tickMilliseconds">What reading took; what deriving takes comes on top of it.</param>
    public Observation Next(Sample sample, double tickMilliseconds)
    {
        Snapshot snapshot = SnapshotBuilder.Build(_previous, _previousSnapshot, sample);
        HistoryView history = _history.Add(snapshot);
        (_previous, _previousSnapshot) = (sample, snapshot);
        if (!sample.Facts.LogLines.IsEmpty)
        {
            ImmutableArray<LogLine> added = sample.Facts.LogLines;
            int fresh = Math.Min(added.Length, LogLinesKept), kept = Math.Min(_log.Length, LogLinesKept - fresh);
            _log = [.. _log.AsSpan()[^kept..], .. added.AsSpan()[^fresh..].ToArray().Select(LogEntry.Of)];
            _logSeen += added.Length;
        }

        _logDropped += sample.Facts.LogLinesDropped;
        return new Observation
        {
            Now = snapshot,
            History = history,
            Findings = RuleCatalog.Check(snapshot, history),
            LogLines = _log,
            LogLinesSeen = _logSeen,
            LogLinesDropped = _logDropped,
            Tick = ++_tick,
            TickMilliseconds = tickMilliseconds,
        };
    }
}
