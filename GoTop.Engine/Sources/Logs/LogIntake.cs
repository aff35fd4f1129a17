using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// Where the lines of all a target's logs come together: every one is counted, the newest are kept for the next tick. Inputs
/// write at their own pace, from their own threads.
/// </summary>
internal sealed class LogIntake(LogTally tally, TimeProvider time)
{
    /// <summary>Lines handed on in one tick, of all logs together.</summary>
    public const int MostLines = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogStream> _streams = new(StringComparer.Ordinal);
    private long _number;
    private long _droppedOfGone;

    /// <summary>One log's lines; more than one input may write to it, but not at the same time.</summary>
    /// <param name="origin">May hold the name of a file that anybody made.</param>
    /// <param name="unwraps">Its lines may be those of a container runtime.</param>
    public LogStream Open(string origin, bool unwraps)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(origin, out LogStream? stream)) _streams[origin] = stream = new LogStream(this, origin, unwraps);
            return stream;
        }
    }

    public void Close(LogStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream.Key);
            _droppedOfGone += stream.Ring.Drain(stream.Origin, 0, []);
            tally.Forget(stream.Origin);
        }
    }

    /// <summary>Lines since the last call in the order of their arrival, and what all lines were.</summary>
    /// <param name="share">How many logs share the lines of a tick, so that a noisy one does not silence the others.</param>
    public (ImmutableArray<LogLine> Lines, long Dropped, LogCounters Counters) Drain(int share)
    {
        List<(long Number, LogLine Line)> lines = [];
        lock (_gate)
        {
            int most = Math.Max(1, MostLines / Math.Max(1, Math.Max(share, _streams.Count)));
            long dropped = _droppedOfGone;
            _droppedOfGone = 0;
            foreach (LogStream stream in _streams.Values) dropped += stream.Ring.Drain(stream.Origin, most, lines);
            lines.Sort(static (a, b) => a.Number.CompareTo(b.Number));
            return ([.. lines.Select(line => line.Line)], dropped, tally.Read(time.GetUtcNow()));
        }
    }

    internal void Add(LogStream stream, ReadOnlySpan<byte> line, DateTimeOffset at, bool isPast)
    {
        lock (_gate)
        {
            tally.Add(line, stream.Origin, at, isPast);
            stream.Ring.Add(line, at, ++_number);
        }
    }

    internal DateTimeOffset Now => time.GetUtcNow();
}
