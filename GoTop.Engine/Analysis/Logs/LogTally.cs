using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>
/// Counts all of a target's log lines: by level, by pattern, by watched filter; finds crashes and what GODEBUG prints. Works on
/// bytes and makes no object for a line, so that it keeps up with 100,000 a second. Not safe from several threads.
/// </summary>
public sealed class LogTally
{
    private readonly long[] _byLevel = new long[LogCounters.LevelCount];
    private readonly Dictionary<string, CrashLines> _crashLines = new(StringComparer.Ordinal);
    private readonly CrashTable _crashes;
    private readonly PatternTable _patterns;
    private readonly DateTimeOffset _since;
    private readonly ImmutableArray<LogFilter> _watched;
    private readonly long[] _matches;
    private byte[] _plain = new byte[1024];
    private long _lines;
    private GcTraceLine? _gc;
    private SchedTraceLine? _sched;

    /// <param name="watched">Filters whose matching lines are counted: those of alert rules. They are dear, some microseconds a line.</param>
    public LogTally(DateTimeOffset since, CodeOrigins origins, ImmutableArray<LogFilter> watched)
    {
        _since = since;
        _watched = watched;
        _matches = new long[watched.Length];
        _crashes = new CrashTable(origins);
        _patterns = new PatternTable(since);
    }

    /// <param name="line">Without its end.</param>
    /// <param name="isPast">It stood in the log before following began.</param>
    public void Add(ReadOnlySpan<byte> line, string origin, DateTimeOffset now, bool isPast)
    {
        if (line.Contains((byte)0x1b)) line = WithoutColours(line);
        if (!_crashLines.TryGetValue(origin, out CrashLines? crash)) _crashLines[origin] = crash = new CrashLines(_crashes, origin);
        bool ofCrash = crash.Take(line, now, isPast);
        LineFacts facts = LineReader.Read(line);
        if (!isPast)
        {
            _lines++;
            _byLevel[(int)facts.Level]++;
            if (!_watched.IsEmpty) Match(LogEntry.Of(new LogLine(now, origin, PlainText.Clean(Encoding.UTF8.GetString(line), LogLine.MostChars))));
        }

        if (ofCrash || line.IsEmpty) return;
        if (GodebugLine.MayBe(line))
        {
            _gc = GodebugLine.GcTrace(line, now) ?? _gc;
            _sched = GodebugLine.SchedTrace(line, now) ?? _sched;
        }

        _patterns.Add(facts.Message, facts.Level, now);
    }

    /// <summary>An origin is followed no more.</summary>
    public void Forget(string origin) => _crashLines.Remove(origin);

    public LogCounters Read(DateTimeOffset now)
    {
        foreach (CrashLines crash in _crashLines.Values) crash.Pause(now);
        return new LogCounters
        {
            Since = _since,
            At = now,
            Lines = _lines,
            ByLevel = [.. _byLevel],
            Patterns = _patterns.Told(),
            LinesOfOtherPatterns = _patterns.LinesOfOthers,
            Crashes = _crashes.Told(),
            CrashTotal = _crashes.Total,
            GcTrace = _gc,
            SchedTrace = _sched,
            Matches = [.. _watched.Select((filter, i) => new LogMatches(filter.Text, _matches[i]))],
        };
    }

    private void Match(LogEntry entry)
    {
        for (int i = 0; i < _watched.Length; i++)
        {
            if (_watched[i].Matches(entry)) _matches[i]++;
        }
    }

    /// <summary>Console loggers colour their levels.</summary>
    private ReadOnlySpan<byte> WithoutColours(ReadOnlySpan<byte> line)
    {
        if (_plain.Length < line.Length) _plain = new byte[line.Length];
        int length = 0;
        while (!line.IsEmpty)
        {
            int escape = line.IndexOf((byte)0x1b);
            ReadOnlySpan<byte> text = escape < 0 ? line : line[..escape];
            text.CopyTo(_plain.AsSpan(length));
            length += text.Length;
            if (escape < 0) break;
            line = line[(escape + 1)..];
            if (line is not [(byte)'[', ..]) continue;
            int end = line[1..].IndexOfAnyExceptInRange((byte)' ', (byte)'?');
            line = end < 0 ? default : line[(end + 2)..];
        }

        return _plain.AsSpan(0, length);
    }
}
