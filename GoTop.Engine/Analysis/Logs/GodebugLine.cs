using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>The lines that <c>GODEBUG=gctrace=1</c> and <c>GODEBUG=schedtrace=N</c> print to standard error (runtime/mgc.go, runtime/proc.go).</summary>
internal static class GodebugLine
{
    private const int LongestLine = 4096;
    private const double LargestNumber = 1e9;
    private const string Forced = " (forced)";
    private const string MegabytesGoal = " MB goal";

    public static bool MayBe(ReadOnlySpan<byte> line) => line.Length <= LongestLine && (line.StartsWith("gc "u8) || line.StartsWith("SCHED "u8));

    /// <summary>
    /// <c>gc 12 @3.456s 2%: 0.018+1.3+0.076 ms clock, 0.14+0.35/1.2/3.0+0.61 ms cpu, 4-&gt;4-&gt;1 MB, 5 MB goal, 0 MB stacks,
    /// 0 MB globals, 8 P (forced)</c>; stacks and globals since Go 1.19.
    /// </summary>
    public static GcTraceLine? GcTrace(ReadOnlySpan<byte> line, DateTimeOffset at)
    {
        if (!line.StartsWith("gc "u8)) return null;
        string text = Encoding.ASCII.GetString(line);
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0) return null;
        string[] head = text[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool forced = text.EndsWith(Forced, StringComparison.Ordinal);
        string[] parts = text[(colon + 2)..(forced ? ^Forced.Length : ^0)].Split(", ");
        if (parts.Length < 5 || head.Length != 4 || Before(head[3], "%") is not { } percent || Before(parts[0], " ms clock") is not { } clock) return null;
        string? heap = Array.Find(parts, part => part.Contains("->", StringComparison.Ordinal)), goal = Array.Find(parts, part => part.EndsWith(MegabytesGoal, StringComparison.Ordinal));
        if (clock.Split('+') is not [var sweep, _, var mark] || heap?.Split(' ')[0].Split("->") is not [_, _, var marked] || goal is null || Before(parts[^1], " P") is not { } procs) return null;
        return long.TryParse(head[1], NumberStyles.None, CultureInfo.InvariantCulture, out long cycle) && Number(percent, out double share)
            && Number(sweep, out double sweepMilliseconds) && Number(mark, out double markMilliseconds)
            && Megabytes(marked, out long live) && Megabytes(goal[..^MegabytesGoal.Length], out long wanted) && int.TryParse(procs, NumberStyles.None, CultureInfo.InvariantCulture, out int p)
            ? new GcTraceLine(cycle, share, (long)Math.Round((sweepMilliseconds + markMilliseconds) * 1e6), live, wanted, p, forced, at)
            : null;
    }

    /// <summary>
    /// <c>SCHED 1004ms: gomaxprocs=8 idleprocs=6 threads=12 spinningthreads=1 needspinning=0 idlethreads=4 runqueue=0 [0 0 1 …]</c>;
    /// <c>needspinning</c> since Go 1.20, and <c>schedticks=[…]</c> behind it in the newest.
    /// </summary>
    public static SchedTraceLine? SchedTrace(ReadOnlySpan<byte> line, DateTimeOffset at)
    {
        if (!line.StartsWith("SCHED "u8) || line.IndexOf("gomaxprocs="u8) < 0) return null;
        int gomaxprocs = 0, idle = 0, threads = 0, spinning = 0, idleThreads = 0;
        long queue = 0;
        bool hasQueue = false;
        PairReader pairs = new(line);
        while (pairs.Next())
        {
            if (!int.TryParse(Encoding.ASCII.GetString(pairs.Value), CultureInfo.InvariantCulture, out int value)) continue;
            if (pairs.Key.SequenceEqual("gomaxprocs"u8)) gomaxprocs = value;
            else if (pairs.Key.SequenceEqual("idleprocs"u8)) idle = value;
            else if (pairs.Key.SequenceEqual("threads"u8)) threads = value;
            else if (pairs.Key.SequenceEqual("spinningthreads"u8)) spinning = value;
            else if (pairs.Key.SequenceEqual("idlethreads"u8)) idleThreads = value;
            else if (pairs.Key.SequenceEqual("runqueue"u8))
            {
                queue = value;
                hasQueue = true;
            }
        }

        int open = line.IndexOf("["u8), close = line.IndexOf("]"u8);
        if (!hasQueue || gomaxprocs <= 0) return null;
        if (open >= 0 && close > open)
        {
            foreach (string local in Encoding.ASCII.GetString(line[(open + 1)..close]).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(local, CultureInfo.InvariantCulture, out int waiting)) queue += waiting;
            }
        }

        return new SchedTraceLine(gomaxprocs, idle, threads, spinning, idleThreads, queue, at);
    }

    private static string? Before(string text, string ending) => text.EndsWith(ending, StringComparison.Ordinal) ? text[..^ending.Length] : null;

    /// <summary>Not beyond what any clock or share could be: the line is anybody's text.</summary>
    private static bool Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value <= LargestNumber;

    private static bool Megabytes(string text, out long bytes)
    {
        bool read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long megabytes) && megabytes <= long.MaxValue >> 20;
        bytes = read ? megabytes << 20 : 0;
        return read;
    }
}
