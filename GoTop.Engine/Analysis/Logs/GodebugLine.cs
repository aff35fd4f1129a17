using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>The lines that <c>GODEBUG=gctrace=1</c> and <c>GODEBUG=schedtrace=N</c> print to standard error (runtime/mgc.go, runtime/proc.go).</summary>
internal static class GodebugLine
{
    private const int LongestLine = 4096;

    public static bool MayBe(ReadOnlySpan<byte> line) => line.Length <= LongestLine && (line.StartsWith("gc "u8) || line.StartsWith("SCHED "u8));

    /// <summary>
    /// <c>gc 12 @3.456s 2%: 0.018+1.3+0.076 ms clock, 0.14+0.35/1.2/3.0+0.61 ms cpu, 4-&gt;4-&gt;1 MB, 5 MB goal, 0 MB stacks,
    /// 0 MB globals, 8 P (forced)</c>; stacks and globals since Go 1.19.
    /// </summary>
    public static GcTraceLine? GcTrace(ReadOnlySpan<byte> line, DateTimeOffset at)
    {
        if (!line.StartsWith("gc "u8)) return null;
        string text = Encoding.ASCII.GetString(line);
        string[] parts = text.Split(", ");
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (parts.Length < 5 || colon < 0 || !parts[0].EndsWith(" ms clock", StringComparison.Ordinal)) return null;
        string[] head = text[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] clock = parts[0][(colon + 2)..^" ms clock".Length].Split('+');
        if (head.Length != 4 || clock.Length != 3 || head[3][^1] != '%') return null;
        string? heap = Array.Find(parts, part => part.Contains("->", StringComparison.Ordinal)), goal = Array.Find(parts, part => part.EndsWith(" MB goal", StringComparison.Ordinal));
        string[] sizes = heap?[..heap.IndexOf(' ', StringComparison.Ordinal)].Split("->") ?? [];
        bool forced = text.EndsWith(" (forced)", StringComparison.Ordinal);
        string procs = parts[^1].Replace(" (forced)", "", StringComparison.Ordinal);
        if (sizes.Length != 3 || goal is null || !procs.EndsWith(" P", StringComparison.Ordinal)) return null;
        return long.TryParse(head[1], CultureInfo.InvariantCulture, out long cycle) && Number(head[3][..^1], out double percent)
            && Number(clock[0], out double sweep) && Number(clock[2], out double mark) && long.TryParse(sizes[2], CultureInfo.InvariantCulture, out long live)
            && long.TryParse(goal[..^" MB goal".Length], CultureInfo.InvariantCulture, out long goalMegabytes) && int.TryParse(procs[..^2], CultureInfo.InvariantCulture, out int p)
            ? new GcTraceLine(cycle, percent, (long)Math.Round((sweep + mark) * 1e6), live << 20, goalMegabytes << 20, p, forced, at)
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

    private static bool Number(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
