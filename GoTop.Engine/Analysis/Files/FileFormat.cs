using System.Buffers;
using System.Buffers.Binary;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Files;

/// <summary>What a file's content looks like, once it is decompressed.</summary>
public enum FileFormat : byte
{
    Empty,

    /// <summary>pprof's protobuf, or something binary that nothing else claims: it has no magic number.</summary>
    Profile,
    Trace,

    /// <summary>debug=2, debug=1 or a crash's standard error; or text that nothing else claims.</summary>
    GoroutineDump,

    /// <summary><c>heap?debug=1</c> or <c>allocs?debug=1</c>, with MemStats at its end.</summary>
    HeapText,

    /// <summary>A profile that counts, with <c>?debug=1</c>: block, mutex, threadcreate or a program's own.</summary>
    ProfileText,

    /// <summary>The JSON of <c>/debug/vars</c>.</summary>
    Expvar,

    /// <summary>Prometheus' or OpenMetrics' text.</summary>
    Metrics,

    /// <summary>An event trace log of Windows.</summary>
    Etl,

    /// <summary>What <c>gotop record</c> writes.</summary>
    Recording,
}

/// <summary>Recognises formats by their first bytes; names of files say nothing.</summary>
public static class FileFormats
{
    /// <summary>How much of the beginning is worth looking at.</summary>
    public const int StartBytes = 64 * 1024;

    private const byte SystemTraceHeader32 = 1;
    private const byte SystemTraceHeader64 = 2;
    private const byte EventHeaderMarker = 0xc0;
    private const int EtlBufferHeaderBytes = 72;

    // What text files hold: tab, line feed, form feed, carriage return, escape (coloured logs), and everything that is printed.
    private static readonly SearchValues<byte> NotText = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (byte)code).Where(code => code is not (9 or 10 or 12 or 13 or 27)), 127]);

    /// <param name="start">The first <see cref="StartBytes"/> bytes, or all when there are fewer.</param>
    public static FileFormat Recognize(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty) return FileFormat.Empty;
        if (TraceReader.Recognizes(start)) return FileFormat.Trace;
        if (start.StartsWith("SQLite format 3\0"u8)) return FileFormat.Recording;
        if (IsEtl(start)) return FileFormat.Etl;
        return start.ContainsAny(NotText) ? FileFormat.Profile : RecognizeText(start);
    }

    private static FileFormat RecognizeText(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        text = text.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("heap profile: "u8)) return FileFormat.HeapText;
        if (ProfileTextReader.Recognizes(text)) return FileFormat.ProfileText;
        // Not just any JSON: a log of JSON lines may end in a crash. expvar's own text breaks the line after the brace.
        if (text.StartsWith("{\n"u8) || text.StartsWith("{\r\n"u8) || (text.StartsWith("{"u8) && text.IndexOf("\"memstats\""u8) >= 0)) return FileFormat.Expvar;
        // A log may hold any line, a dump among them; so only what begins as metrics do is taken for them.
        if (text.StartsWith("# HELP "u8) || text.StartsWith("# TYPE "u8) || text.StartsWith("# UNIT "u8)) return FileFormat.Metrics;
        return FileFormat.GoroutineDump;
    }

    /// <summary>WMI_BUFFER_HEADER, and behind it the system trace header of the log file's own event.</summary>
    private static bool IsEtl(ReadOnlySpan<byte> start)
    {
        if (start.Length < EtlBufferHeaderBytes + 4) return false;
        uint bufferBytes = BinaryPrimitives.ReadUInt32LittleEndian(start);
        uint usedBytes = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        ReadOnlySpan<byte> header = start[EtlBufferHeaderBytes..];
        // Logs that were merged afterwards have a first buffer that is cut to what it holds.
        return bufferBytes is >= 256 and <= 64 << 20 && usedBytes > EtlBufferHeaderBytes && usedBytes <= bufferBytes
            && header[2] is SystemTraceHeader32 or SystemTraceHeader64 && header[3] == EventHeaderMarker;
    }
}
