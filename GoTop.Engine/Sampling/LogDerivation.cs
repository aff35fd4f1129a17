using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Logs;

namespace GoTop.Engine.Sampling;

internal static class LogDerivation
{
    /// <summary>Without a source that reads them, "not yet" would be a promise that nobody keeps; older recordings have none either.</summary>
    public static Reading<LogCounters> Told(Sample sample) => sample.Facts.Logs.State == ReadingState.NotYet && sample.Sources.All(source => source.Name != LogSource.SourceName)
        ? Reading.NotSupported<LogCounters>("no log is followed of this target")
        : sample.Facts.Logs;

    public static LogFigures Derive(Reading<LogCounters> previous, LogFigures? derived, Reading<LogCounters> current)
    {
        if (!current.TryGet(out LogCounters? now))
        {
            return new LogFigures
            {
                LinesPerSecond = current.Absent<double>(),
                ErrorsPerSecond = current.Absent<double>(),
                WarningsPerSecond = current.Absent<double>(),
                Crashes = current.Absent<long>(),
                PerSecondByLevel = current.Absent<ImmutableArray<double>>(),
                Patterns = current.Absent<ImmutableArray<PatternFigure>>(),
                Matches = current.Absent<ImmutableArray<FilterFigure>>(),
                MatchWindow = derived?.MatchWindow,
            };
        }

        LogCounters? then = previous.ValueOr(null);
        if (derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds) return derived;
        MatchWindow window = MatchWindow.Of(derived?.MatchWindow, now);
        // Following that began anew counts from 0 again.
        if (then is not null && then.Since != now.Since) then = null;
        Rates? rates = Rates.Between(then?.ReadAtNanoseconds, now.ReadAtNanoseconds);
        Reading<double> Rate(long? before, long after) =>
            before is { } earlier && rates is { } over ? over.PerSecond(Reading.Of(earlier), Reading.From(current.State, after, current.Reason)) : Rates.NotYet();
        Dictionary<(string, LineLevel), long>? before = then is null ? null : LinesByPattern(then.Patterns);
        // One that was not among those told before may have been there all the same.
        long? Before(LogPattern pattern) =>
            before is null ? null : before.TryGetValue((pattern.Template, pattern.Level), out long lines) ? lines : pattern.FirstAt > then!.At ? 0 : null;
        return new LogFigures
        {
            LinesPerSecond = Rate(then?.Lines, now.Lines),
            ErrorsPerSecond = Rate(then is null ? null : Errors(then), Errors(now)),
            WarningsPerSecond = Rate(then?[LineLevel.Warn], now[LineLevel.Warn]),
            Crashes = current.Select(counters => counters.CrashTotal),
            PerSecondByLevel = then is null || rates is not { } time
                ? Reading.NotYet<ImmutableArray<double>>("a rate needs two readings")
                : Reading.Of<ImmutableArray<double>>([.. now.ByLevel.Select((lines, level) => (lines - then[(LineLevel)level]) / time.Seconds)]),
            Patterns = current.Select(counters => counters.Patterns.Select(pattern => new PatternFigure(
                pattern, Rate(Before(pattern), pattern.Lines))).ToImmutableArray()),
            Matches = current.Select(counters => counters.Matches.Select(matches => new FilterFigure(matches.Filter, window.PerMinute(matches, counters.ReadAtNanoseconds))).ToImmutableArray()),
            MatchWindow = window,
        };
    }

    /// <summary>What one text told twice counted is counted together: recordings hold such.</summary>
    private static Dictionary<(string Template, LineLevel Level), long> LinesByPattern(ImmutableArray<LogPattern> patterns)
    {
        Dictionary<(string, LineLevel), long> lines = new(patterns.Length);
        foreach (LogPattern pattern in patterns)
        {
            (string, LineLevel) key = (pattern.Template, pattern.Level);
            lines[key] = lines.GetValueOrDefault(key) + pattern.Lines;
        }

        return lines;
    }

    private static long Errors(LogCounters counters) => counters[LineLevel.Error] + counters[LineLevel.Fatal];
}
