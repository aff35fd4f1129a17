using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

internal static class LogWords
{
    public static Tone ToneOf(LineLevel level) => level switch
    {
        LineLevel.Fatal or LineLevel.Error => Tone.Critical,
        LineLevel.Warn => Tone.Warning,
        LineLevel.Debug or LineLevel.Trace => Tone.Dim,
        _ => Tone.Normal,
    };

    /// <summary>A structured line as level, message and fields; another as it stands.</summary>
    /// <returns>The text, and how much of it comes before the fields.</returns>
    public static (string Text, int Head) Shown(LogEntry entry)
    {
        if (!entry.IsStructured) return (entry.Text, entry.Text.Length);
        StringBuilder text = new(entry.Text.Length);
        text.Append(entry.Level.Name().PadRight(5)).Append(' ').Append(entry.Message);
        int head = text.Length;
        foreach (LogField field in entry.Fields) text.Append(' ').Append(field.Key).Append('=').Append(field.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{field.Value}\"" : field.Value);
        return (text.ToString(), head);
    }

    /// <summary>The last part of a path, or what stands behind <c>journal:</c>.</summary>
    public static string Origin(string origin) => origin[(origin.LastIndexOfAny(['/', '\\', ':']) + 1)..];

    public static ImmutableArray<(string Text, Tone Tone)> Rates(LogFigures log)
    {
        if (!log.LinesPerSecond.TryGet(out double lines)) return log.LinesPerSecond.State == ReadingState.NotYet ? [("lines a second: not yet", Tone.Dim)] : [];
        List<(string, Tone)> words = [($"{Figures.PerSecond(lines)} lines", Tone.Normal)];
        if (log.PerSecondByLevel.TryGet(out ImmutableArray<double> levels))
        {
            for (int level = levels.Length - 1; level > 0; level--)
            {
                if (levels[level] > 0) words.Add(($"{((LineLevel)level).Name()} {Figures.PerSecond(levels[level])}", ToneOf((LineLevel)level)));
            }

            if (levels.Length > 0 && levels[0] > 0) words.Add(($"without level {Figures.PerSecond(levels[0])}", Tone.Dim));
        }

        if (log.Crashes.TryGet(out long crashes) && crashes > 0) words.Add((Figures.Counted(crashes, "panic"), Tone.Critical));
        return [.. words];
    }

    public static string Kind(LogCrashKind kind) => kind switch
    {
        LogCrashKind.Panic => "panic",
        LogCrashKind.FatalError => "fatal error",
        LogCrashKind.Signal => "signal",
        _ => "recovered panic",
    };
}
