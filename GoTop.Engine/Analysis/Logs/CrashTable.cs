using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>Crashes by kind, reason and place. Bounded: the group that has been quiet the longest goes.</summary>
/// <param name="origins">Tells which frames are the service's own.</param>
public sealed class CrashTable(CodeOrigins origins)
{
    public const int MostGroups = 32;

    private const int MostTextLines = 24;
    private const int MostLineChars = 300;
    private const int MostReasonChars = 300;
    private const string Served = "http: panic serving ";

    private readonly List<(string Key, LogCrash Crash)> _groups = [];

    /// <summary>Since following began.</summary>
    public long Total { get; private set; }

    /// <summary>The newest first.</summary>
    public ImmutableArray<LogCrash> Told() => [.. _groups.Select(group => group.Crash).OrderByDescending(crash => crash.LastAt)];

    /// <param name="text">Its lines, from the first on; read, and not kept.</param>
    /// <param name="isPast">It stood in the log before following began.</param>
    public void Add(LogCrashKind kind, ArraySegment<byte> text, DateTimeOffset at, string origin, bool isPast)
    {
        ImmutableArray<string> lines = FirstLines(text);
        if (lines.IsEmpty) return;
        using MemoryStream stream = new(text.Array!, text.Offset, text.Count, writable: false);
        GoroutineDump? dump = GoroutineDumpReader.Read(stream).ValueOr(null);
        CrashReport? report = dump is null || dump.Crashes.IsEmpty ? null : dump.Crashes[0];
        DumpedGoroutine? row = dump is null ? null : AtFault(dump, report);
        string reason = Reason(kind, lines[0], report);
        CodeLocation? place = dump is not null && row is { Stack: >= 0 } found ? OwnPlace(dump, dump.Stacks[found.Stack]) : null;
        long? goroutine = kind == LogCrashKind.Recovered || report?.FaultingGoroutine is not null ? row?.Id : null;
        if (!isPast) Total++;
        string key = $"{kind}|{Masked(reason)}|{place?.Function}|{place?.Line}";
        int index = _groups.FindIndex(group => group.Key == key);
        if (index >= 0)
        {
            LogCrash before = _groups[index].Crash;
            _groups[index] = (key, before with
            {
                Reason = reason,
                Goroutine = goroutine,
                Count = before.Count + 1,
                CountSince = before.CountSince + (isPast ? 0 : 1),
                LastAt = at,
                Origin = origin,
                Text = lines,
            });
            return;
        }

        if (_groups.Count == MostGroups) _groups.Remove(_groups.MinBy(group => group.Crash.LastAt));
        _groups.Add((key, new LogCrash(kind, reason, goroutine, place, 1, isPast ? 0 : 1, at, at, origin, lines)));
    }

    private static DumpedGoroutine? AtFault(GoroutineDump dump, CrashReport? report)
    {
        foreach (DumpedGoroutine row in dump.Rows)
        {
            if (report?.FaultingGoroutine is not { } faulting || row.Id == faulting) return row;
        }

        return dump.Rows.IsEmpty ? null : dump.Rows[0];
    }

    /// <summary>Behind the last <c>panic</c>: before it stand the functions that were deferred.</summary>
    private CodeLocation? OwnPlace(GoroutineDump dump, DumpedFrames stack)
    {
        CodeLocation[] frames = [.. stack.Frames.Select(index => dump.Locations[index])];
        int panic = Array.FindLastIndex(frames, frame => frame.Function is "panic" or "runtime.gopanic" or "runtime.Goexit");
        CodeLocation? library = null, first = null;
        foreach (CodeLocation frame in frames.Skip(panic + 1))
        {
            first ??= frame;
            switch (origins.Of(frame.Function))
            {
                case CodeOrigin.Own:
                    return Clean(frame);
                case CodeOrigin.Library:
                    library ??= frame;
                    break;
            }
        }

        return (library ?? first) is { } other ? Clean(other) : null;
    }

    private static CodeLocation Clean(CodeLocation place) =>
        new(PlainText.Clean(place.Function, MostLineChars), PlainText.Clean(place.File, MostLineChars), place.Line);

    private static string Reason(LogCrashKind kind, string line, CrashReport? report)
    {
        string reason = report is { Messages.IsEmpty: false } ? report.Messages[0] : line;
        foreach (string prefix in (ReadOnlySpan<string>)["panic: ", "fatal error: "])
        {
            if (reason.StartsWith(prefix, StringComparison.Ordinal)) reason = reason[prefix.Length..];
        }

        int served = kind == LogCrashKind.Recovered ? reason.IndexOf(Served, StringComparison.Ordinal) : -1;
        if (served >= 0)
        {
            // "http: panic serving 127.0.0.1:38410: boom": the client differs each time.
            int colon = reason.IndexOf(": ", served + Served.Length, StringComparison.Ordinal);
            reason = colon < 0 ? reason[served..] : reason[(colon + 2)..];
        }

        return PlainText.Clean(reason, MostReasonChars);
    }

    private static string Masked(string reason)
    {
        Span<byte> template = stackalloc byte[PatternMask.MostBytes];
        return Encoding.UTF8.GetString(template[..PatternMask.Mask(Encoding.UTF8.GetBytes(reason), template)]);
    }

    private static ImmutableArray<string> FirstLines(ReadOnlySpan<byte> rest)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        while (!rest.IsEmpty && lines.Count < MostTextLines)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            lines.Add(PlainText.Clean(Encoding.UTF8.GetString(line[..Math.Min(line.Length, MostLineChars * 4)]), MostLineChars));
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return lines.ToImmutable();
    }
}
