using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export;

/// <summary>What a target's logs tell, without their lines.</summary>
public sealed record LogsPart(
    DateTimeOffset? Since, long? Lines, double? LinesPerSecond, double? ErrorsPerSecond, double? WarningsPerSecond, long? Panics,
    ImmutableArray<LogLevelPart> Levels, ImmutableArray<LogPatternPart> Patterns, ImmutableArray<LogCrashPart> Crashes)
{
    private const int MostPatterns = 20;

    internal static LogsPart Of(Snapshot now, AbsenceList absent)
    {
        LogCounters? logs = now.Facts.Logs.ValueOr(null);
        LogFigures figures = now.Log;
        return new LogsPart(
            logs?.Since, logs?.Lines,
            absent.Value("logs.linesPerSecond", figures.LinesPerSecond), absent.Value("logs.errorsPerSecond", figures.ErrorsPerSecond),
            absent.Value("logs.warningsPerSecond", figures.WarningsPerSecond), absent.Value("logs.panics", figures.Crashes),
            logs is null ? [] : [.. Enumerable.Range(0, LogCounters.LevelCount).Select(level => (LineLevel)level).Where(level => logs[level] > 0).Select(level => new LogLevelPart(NameOf(level), logs[level]))],
            [.. figures.Patterns.ValueOr([]).Take(MostPatterns).Select(figure => new LogPatternPart(
                figure.Pattern.Template, NameOf(figure.Pattern.Level), figure.Pattern.Lines, figure.PerSecond.HasValue ? figure.PerSecond.Value : null, figure.Pattern.IsNew, figure.Pattern.FirstAt, figure.Pattern.LastAt))],
            logs is null ? [] : [.. logs.Crashes.Select(crash => new LogCrashPart(
                KindOf(crash.Kind), crash.Reason, crash.Count, crash.CountSince, crash.FirstAt, crash.LastAt, crash.Goroutine, crash.Place?.Function, crash.Place?.File, crash.Place?.Line, crash.Origin))]);
    }

    private static string NameOf(LineLevel level) => level == LineLevel.Unknown ? "unknown" : level.Name().ToLowerInvariant();

    private static string KindOf(LogCrashKind kind) => kind switch
    {
        LogCrashKind.Panic => "panic",
        LogCrashKind.FatalError => "fatalError",
        LogCrashKind.Signal => "signal",
        _ => "recovered",
    };
}

public sealed record LogLevelPart(string Level, long Lines);

public sealed record LogPatternPart(string Pattern, string Level, long Lines, double? PerSecond, bool New, DateTimeOffset FirstAt, DateTimeOffset LastAt);

public sealed record LogCrashPart(
    string Kind, string Reason, long Count, long CountSince, DateTimeOffset FirstAt, DateTimeOffset LastAt, long? Goroutine, string? Function, string? File, int? Line, string Origin);
