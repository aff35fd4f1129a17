using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Writes goroutines as <c>debug=2</c> prints them (runtime/traceback.go, goroutineheader and traceback), so that whatever
/// reads Go's dumps reads these. Arguments and offsets are not known and stand as <c>(...)</c>, as for inlined frames.
/// </summary>
public static class GoroutineTextWriter
{
    private const int FlushChars = 64 * 1024;
    private const double NanosecondsPerMinute = 60e9;

    /// <param name="output">Stays open.</param>
    public static async ValueTask WriteAsync(GoroutineTable table, Stream output, CancellationToken cancellation)
    {
        StringBuilder text = new();
        ImmutableArray<ImmutableArray<GoroutineLabel>> labelSets = table.LabelSets.ValueOr([]);
        for (int i = 0; i < table.Rows.Length; i++)
        {
            if (i > 0) text.Append('\n');
            Append(text, table, table.Rows[i], labelSets);
            if (text.Length < FlushChars && i < table.Rows.Length - 1) continue;
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation).ConfigureAwait(false);
            text.Clear();
        }
    }

    private static void Append(StringBuilder text, GoroutineTable table, GoroutineRow row, ImmutableArray<ImmutableArray<GoroutineLabel>> labelSets)
    {
        text.Append(CultureInfo.InvariantCulture, $"goroutine {row.Id} [{StatusOf(table, row)}");
        // A wait shorter than a minute is not told there.
        if (row.WaitSinceNanoseconds > 0 && (table.NowNanoseconds - row.WaitSinceNanoseconds) / NanosecondsPerMinute is >= 1 and var minutes)
            text.Append(CultureInfo.InvariantCulture, $", {(long)minutes} minutes");
        if (row.LockedToThread) text.Append(", locked to thread");
        text.Append(']');
        if (row.Labels > 0 && row.Labels < labelSets.Length) AppendLabels(text, labelSets[row.Labels]);
        text.Append(":\n");
        if (row.Stack >= 0)
        {
            foreach (int frame in table.Stacks[row.Stack]) AppendFrame(text, table.Locations[frame], "(...)");
        }
        else if (row.State == GoroutineState.Running)
        {
            text.Append("\tgoroutine running on other thread; stack unavailable\n");
        }
        else if (row.StartFunction >= 0)
        {
            AppendFrame(text, table.Locations[row.StartFunction], "(...)");
        }

        if (row.CreatedBy < 0) return;
        text.Append("created by ");
        AppendFrame(text, table.Locations[row.CreatedBy], row.ParentId > 0 ? string.Create(CultureInfo.InvariantCulture, $" in goroutine {row.ParentId}") : "");
    }

    private static string StatusOf(GoroutineTable table, GoroutineRow row) => row.State switch
    {
        GoroutineState.Waiting => table.WaitReasons[row.WaitReason] is { Length: > 0 } reason ? reason : "waiting",
        GoroutineState.Leaked => $"{table.WaitReasons[row.WaitReason]} (leaked)".TrimStart(),
        GoroutineState.Idle => "idle",
        GoroutineState.Runnable => "runnable",
        GoroutineState.Running => "running",
        GoroutineState.Syscall => "syscall",
        GoroutineState.Dead => "dead",
        GoroutineState.CopyStack => "copystack",
        GoroutineState.Preempted => "preempted",
        _ => "???",
    };

    private static void AppendFrame(StringBuilder text, CodeLocation location, string suffix) =>
        text.Append(Line(location.Function.Length > 0 ? location.Function : "?")).Append(suffix).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"\t{Line(location.File.Length > 0 ? location.File : "?")}:{location.Line}\n");

    /// <summary>What comes from a target's tables must not make lines of its own.</summary>
    private static string Line(string text) => text.AsSpan().ContainsAny('\n', '\r') ? text.Replace('\n', '?').Replace('\r', '?') : text;

    /// <summary>As Go 1.27 does: <c> {kind: mail, "route id": "GET /x"}</c>, quoted where they hold more than plain words.</summary>
    private static void AppendLabels(StringBuilder text, ImmutableArray<GoroutineLabel> labels)
    {
        text.Append(" {");
        for (int i = 0; i < labels.Length; i++)
        {
            if (i > 0) text.Append(", ");
            AppendWord(text, labels[i].Key);
            text.Append(": ");
            AppendWord(text, labels[i].Value);
        }

        text.Append('}');
    }

    private static void AppendWord(StringBuilder text, string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '_'))
        {
            text.Append(word);
            return;
        }

        text.Append('"');
        foreach (Rune rune in word.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"' or '\\':
                    text.Append('\\').Append((char)rune.Value);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case >= ' ' and < 0x7f:
                    text.Append((char)rune.Value);
                    break;
                case < 0x10000:
                    text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    break;
                default:
                    text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
                    break;
            }
        }

        text.Append('"');
    }
}
