using System.Text;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Compression;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Files;

/// <summary>A file that cannot be analysed; the message says why, without the file's name.</summary>
public sealed class FileAnalysisException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Reads a file of any format that Go's diagnostics come in, compressed with gzip or not, and analyses it.</summary>
public static class FileAnalyzer
{
    private const int MaxExpvarBytes = 64 << 20;

    /// <summary>Gzip in gzip is somebody's mistake that is easily forgiven, once.</summary>
    private const int MaxGzipDepth = 2;

    /// <param name="content">Read forward, once; stays open.</param>
    /// <exception cref="FileAnalysisException">It is none of the formats, or damaged so that nothing can be told of it.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static AnalyzedFile Analyze(Stream content, CancellationToken cancellation = default) => Analyze(content, EtlOptions.None, cancellation);

    /// <param name="logs">What is said of it should it be a log of Windows.</param>
    /// <inheritdoc cref="Analyze(Stream, CancellationToken)"/>
    public static AnalyzedFile Analyze(Stream content, EtlOptions logs, CancellationToken cancellation = default)
    {
        try
        {
            return Analyze(content, logs, 0, mayHaveMark: true, cancellation);
        }
        catch (Exception damage) when (damage is ProfileException or TraceFormatException)
        {
            throw new FileAnalysisException(damage.Message, damage);
        }
        catch (InvalidDataException damage)
        {
            throw new FileAnalysisException(damage.Message, damage);
        }
    }

    private static AnalyzedFile Analyze(Stream content, EtlOptions logs, int gzipDepth, bool mayHaveMark, CancellationToken cancellation)
    {
        long? origin = content.CanSeek ? content.Position : null;
        PeekedStream peeked = new(content);
        ReadOnlySpan<byte> start = peeked.Peek(FileFormats.StartBytes);
        if (StrictGzipStream.IsGzip(start))
        {
            if (gzipDepth == MaxGzipDepth) throw new FileAnalysisException("it is gzip within gzip within gzip");
            using StrictGzipStream inflated = new(peeked);
            return Analyze(inflated, logs, gzipDepth + 1, mayHaveMark, cancellation);
        }

        if (mayHaveMark && MarkOf(start) is { } mark)
        {
            Span<byte> passed = stackalloc byte[mark.Preamble.Length];
            peeked.ReadExactly(passed);
            using Stream text = Encoding.CreateTranscodingStream(peeked, mark, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            return Analyze(text, logs, gzipDepth, mayHaveMark: false, cancellation);
        }

        return FileFormats.Recognize(start) switch
        {
            FileFormat.Empty => throw new FileAnalysisException("it is empty"),
            FileFormat.Trace => new TraceFile(TraceAnalyzer.Analyze(peeked, cancellation: cancellation)),
            FileFormat.HeapText => HeapText(peeked, cancellation),
            FileFormat.Expvar => Expvar(peeked, cancellation),
            FileFormat.GoroutineDump => Dump(peeked, cancellation),
            FileFormat.ProfileText => new ProfileFile(new AnalysedProfile(ProfileTextReader.Read(peeked, cancellation: cancellation))),
            FileFormat.Metrics => Metrics(peeked, cancellation),
            FileFormat.Etl => Etl(content, peeked, origin, logs, cancellation),
            FileFormat.Recording => throw new FileAnalysisException("it is a recording of gotop; play it back with: gotop replay FILE"),
            _ => Profile(peeked, cancellation),
        };
    }

    /// <summary>Its buffers do not stand in order, so it must be sought in; where that cannot be, it is put into a file first.</summary>
    private static EtlFile Etl(Stream content, Stream peeked, long? origin, EtlOptions logs, CancellationToken cancellation)
    {
        try
        {
            if (origin is { } start)
            {
                content.Position = start;
                return new EtlFile(EtlAnalyzer.Analyze(content, logs, cancellation));
            }

            using SpooledStream spooled = SpooledStream.Of(peeked, cancellation);
            return new EtlFile(EtlAnalyzer.Analyze(spooled.Content, logs, cancellation) is var report && spooled.Damage is { } damage ? report with { EndedEarly = damage } : report);
        }
        catch (EtlException damage)
        {
            throw new FileAnalysisException($"read as an event trace log of Windows: {damage.Message}", damage);
        }
    }

    /// <summary>Windows' tools put a mark before what they redirect into a file, and PowerShell's <c>&gt;</c> writes UTF-16.</summary>
    private static Encoding? MarkOf(ReadOnlySpan<byte> start) =>
        start.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8
        : start.StartsWith(Encoding.Unicode.Preamble) ? Encoding.Unicode
        : start.StartsWith(Encoding.BigEndianUnicode.Preamble) ? Encoding.BigEndianUnicode
        : null;

    private static ProfileFile Profile(Stream content, CancellationToken cancellation)
    {
        try
        {
            Profile profile = ProfileReader.Read(content, cancellation: cancellation);
            if (profile.SampleTypes.IsEmpty && profile.SampleCount == 0 && profile.Strings.Count <= 1) throw new FileAnalysisException("it is no format that is known: read as a pprof profile, it holds nothing");
            return new ProfileFile(new AnalysedProfile(profile));
        }
        catch (ProfileException damage)
        {
            // Nothing but the attempt tells what a profile is, so the reason may be that it is none.
            throw new FileAnalysisException($"it is no format that is known; read as a pprof profile: {damage.Message}", damage);
        }
    }

    private static DumpFile Dump(Stream content, CancellationToken cancellation)
    {
        Reading<GoroutineDump> dump = GoroutineDumpReader.Read(content, cancellation);
        return dump.TryGet(out GoroutineDump? read) ? new DumpFile(read) : throw new FileAnalysisException($"it is text of no format that is known: {dump.Reason}");
    }

    /// <summary>MemStats are at the end of a text that may be of any length, so only its end is kept.</summary>
    private static MemStatsFile HeapText(Stream content, CancellationToken cancellation)
    {
        byte[] window = new byte[4 * MemStatsTextParser.TailBytes];
        int length = 0, read;
        while ((read = content.Read(window, length, window.Length - length)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            length += read;
            if (length < window.Length) continue;
            window.AsSpan(length - MemStatsTextParser.TailBytes).CopyTo(window);
            length = MemStatsTextParser.TailBytes;
        }

        return MemStats(MemStatsTextParser.Parse(window.AsSpan(0, length), "the heap profile's text"), isExpvar: false);
    }

    private static MemStatsFile Expvar(Stream content, CancellationToken cancellation)
    {
        using MemoryStream all = new();
        byte[] part = new byte[64 * 1024];
        for (int read; (read = content.Read(part)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (all.Length + read > MaxExpvarBytes) throw new FileAnalysisException($"it is JSON of more than {MaxExpvarBytes >> 20} MiB, too long for expvar's");
            all.Write(part, 0, read);
        }

        return MemStats(ExpvarParser.Parse(all.GetBuffer().AsSpan(0, (int)all.Length), "the JSON"), isExpvar: true);
    }

    private static MetricsFile Metrics(Stream content, CancellationToken cancellation)
    {
        try
        {
            return new MetricsFile(ExposedMetrics.Read(content, cancellation));
        }
        catch (FormatException damage)
        {
            throw new FileAnalysisException($"read as a page of metrics: {damage.Message}", damage);
        }
    }

    private static MemStatsFile MemStats(Reading<MemStats> stats, bool isExpvar) =>
        stats.TryGet(out MemStats? read) ? new MemStatsFile(read, isExpvar) : throw new FileAnalysisException(stats.Reason ?? "no MemStats");
}
