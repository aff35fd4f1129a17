using System.Buffers.Text;
using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Pprof;

/// <summary>
/// Reads the lines <c># Name = value</c> after <c># runtime.MemStats</c> at the end of <c>heap?debug=1</c> and
/// <c>allocs?debug=1</c> (runtime/pprof <c>writeHeapInternal</c>, alike in Go 1.19 to 1.27).
/// </summary>
public static class MemStatsTextParser
{
    /// <summary>The lines are at most 11 KB long, so the page's last part of this length holds all of them.</summary>
    public const int TailBytes = 32 * 1024;

    /// <param name="tail">The page's end, at least the last <see cref="TailBytes"/>; what stands before the lines is passed over.</param>
    /// <param name="page">What it was read from, for reasons.</param>
    public static Reading<MemStats> Parse(ReadOnlySpan<byte> tail, string page)
    {
        int heading = tail.LastIndexOf("# runtime.MemStats"u8);
        if (heading < 0) return Reading.Failed<MemStats>($"{page} has no \"# runtime.MemStats\" at its end");
        tail = tail[(heading + "# runtime.MemStats"u8.Length)..];
        MemStats stats = new(page);

        // A line that does not end is cut off, and so perhaps its number.
        for (int end = tail.IndexOf((byte)'\n'); end >= 0; end = tail.IndexOf((byte)'\n'))
        {
            // A text that was saved on Windows may have its line ends.
            ReadLine(tail[..end].TrimEnd((byte)'\r'), stats);
            tail = tail[(end + 1)..];
        }

        return stats.HasMainFigures ? Reading.Of(stats) : Reading.Failed<MemStats>($"{page} ends inside its MemStats");
    }

    private static void ReadLine(ReadOnlySpan<byte> line, MemStats stats)
    {
        int equals = line.IndexOf(" = "u8);
        if (!line.StartsWith("# "u8) || equals < 2) return;
        ReadOnlySpan<byte> name = line[2..equals];
        ReadOnlySpan<byte> value = line[(equals + 3)..];
        if (name.SequenceEqual("Stack"u8))
        {
            (stats[MemStat.StackInuse], stats[MemStat.StackSys]) = InUseAndSys(value);
        }
        else if (name.SequenceEqual("MSpan"u8))
        {
            (stats[MemStat.MSpanInuse], stats[MemStat.MSpanSys]) = InUseAndSys(value);
        }
        else if (name.SequenceEqual("MCache"u8))
        {
            (stats[MemStat.MCacheInuse], stats[MemStat.MCacheSys]) = InUseAndSys(value);
        }
        else if (name.SequenceEqual("PauseNs"u8))
        {
            stats.PauseRing = Ring(value);
        }
        else if (name.SequenceEqual("PauseEnd"u8))
        {
            stats.PauseEndRing = Ring(value);
        }
        else if (name.SequenceEqual("DebugGC"u8))
        {
            stats.DebugGc = value.SequenceEqual("true"u8) ? true : value.SequenceEqual("false"u8) ? false : null;
        }
        else if (name.SequenceEqual("GCCPUFraction"u8))
        {
            if (Utf8Parser.TryParse(value, out double fraction, out int used) && used == value.Length && fraction is >= 0 and <= 1) stats.GcCpuFraction = fraction;
        }
        else if (MemStats.Named(name) is { } figure)
        {
            stats[figure] = Number(value);
        }
    }

    /// <summary>"in use / obtained from the system"</summary>
    private static (long? InUse, long? Sys) InUseAndSys(ReadOnlySpan<byte> value)
    {
        int slash = value.IndexOf(" / "u8);
        return slash > 0 ? (Number(value[..slash]), Number(value[(slash + 3)..])) : (null, null);
    }

    private static long? Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out int used) && used == text.Length && value >= 0 ? value : null;

    private static ImmutableArray<long>? Ring(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '[' || text[^1] != ']') return null;
        text = text[1..^1];
        ImmutableArray<long>.Builder ring = ImmutableArray.CreateBuilder<long>(MemStats.PauseRingLength);
        foreach (Range part in text.Split((byte)' '))
        {
            if (ring.Count == MemStats.PauseRingLength || Number(text[part]) is not { } pause) return null;
            ring.Add(pause);
        }

        return ring.Count == MemStats.PauseRingLength ? ring.MoveToImmutable() : null;
    }
}
