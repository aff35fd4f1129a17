using System.Collections.Immutable;
using GoTop.Engine.Analysis.Files;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Profiles;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Model;

namespace GoTop.Mutate.Inputs;

/// <summary>Every reader of what a file or a target may hold. A new one is one entry here.</summary>
internal static class ReaderCatalog
{
    private const int SmallFile = 48 * 1024;

    public static ImmutableArray<ReaderTarget> Targets(CorpusFolder corpus) =>
    [
        new("trace-v1", corpus.Files(SmallFile, cut: false, "Traces/go1.19-sample.trace.gz", "Traces/go1.21-sample.trace.gz"), TraceTokens, ReadTrace),
        new("trace-v2", corpus.Files(SmallFile, cut: false, "Traces/go1.22-sample.trace.gz", "Traces/go1.25-sample.trace.gz", "Traces/go1.27-sample.trace.gz", "shared:trace-upstream/*.trace.gz"), TraceTokens, ReadTrace),
        new("profile", corpus.Files(SmallFile, cut: false, "Profiles/go1.27-linux/*.pb.gz"), ProfileTokens, ReadProfile),
        new("profile-gzip", [.. corpus.Files(SmallFile, cut: false, "Profiles/go1.27-linux/*.pb.gz").Select(CorpusFolder.Compress)], [], ReadProfile),
        new("profile-text", corpus.Files(SmallFile, cut: false, "Profiles/text/*.txt.gz"), ProfileTextTokens, ReadProfileText),
        new("dump", corpus.Files(16 * 1024, cut: true, "Dumps/go1.19/*.txt.gz", "Dumps/go1.22/*.txt.gz", "Dumps/go1.25/*.txt.gz", "Dumps/go1.27/*.txt.gz"), DumpTokens, ReadDump),
        new("memstats", [.. corpus.Files(1 << 20, cut: false, "Pprof/go1.19-linux/heap.1.txt.gz", "Pprof/go1.25-linux/heap.1.txt.gz", "Pprof/go1.27-windows-wine/heap.1.txt.gz").Select(page => page[^Math.Min(page.Length, 8 * 1024)..])], MemStatsTokens, ReadMemStats),
        new("expvar", corpus.Files(SmallFile, cut: false, "Pprof/go1.19-linux/vars.json.gz", "Pprof/go1.25-linux/vars.json.gz", "Pprof/go1.27-windows-wine/vars.json.gz"), JsonTokens, ReadExpvar),
        new("metrics", [.. corpus.Files(1 << 20, cut: false, "Metrics/*.txt.gz").Select(page => CorpusFolder.Head(page, 8 * 1024))], MetricsTokens, ReadMetrics),
        new("etl", corpus.Files(SmallFile, cut: false, "Etl/*.etl.gz"), EtlTokens, Analyze),
        new("analyze", AnyFiles(corpus), [.. TraceTokens, .. ProfileTokens, .. DumpTokens, .. JsonTokens], Analyze),
        new("pprof-index", corpus.Files(SmallFile, cut: false, "Pprof/go1.19-linux/index.html.gz", "Pprof/go1.25-linux/index.html.gz", "Pprof/go1.27-windows-wine/index.html.gz"), HtmlTokens, ReadIndex),
        new("perf-records", PerfRecordings.Samples, PerfRecordings.Tokens, PerfRecordings.Read),
    ];

    /// <summary>One or two of each format, compressed and not.</summary>
    private static ImmutableArray<byte[]> AnyFiles(CorpusFolder corpus)
    {
        ImmutableArray<byte[]> files = corpus.Files(
            SmallFile, cut: false,
            "Traces/go1.21-sample.trace.gz", "Traces/go1.27-sample.trace.gz", "Profiles/go1.27-linux/goroutineleak.pb.gz", "Profiles/go1.27-linux/mutex.pb.gz",
            "Dumps/go1.27/dump-labels.txt.gz", "Dumps/go1.19/sigquit.txt.gz", "Dumps/go1.25/counts.txt.gz", "Dumps/go1.27/panic.txt.gz", "Profiles/text/go1.27-mutex.txt.gz", "Pprof/go1.25-linux/vars.json.gz");
        byte[] heap = corpus.Files(1 << 20, cut: false, "Pprof/go1.25-linux/heap.1.txt.gz")[0];
        int figures = heap.AsSpan().LastIndexOf("# runtime.MemStats"u8);
        return [.. files, .. files.Take(5).Select(CorpusFolder.Compress), [.. CorpusFolder.Head(heap, 1024), .. heap.AsSpan(figures)]];
    }

    private static ImmutableArray<byte[]> TraceTokens =>
    [
        .. CorpusFolder.Texts("go 1.11 trace\0\0\0", "go 1.19 trace\0\0\0", "go 1.21 trace\0\0\0", "go 1.22 trace\0\0\0", "go 1.23 trace\0\0\0", "go 1.25 trace\0\0\0", "go 1.26 trace\0\0\0"),
        // Heads of format 1's records with each number of arguments, and of format 2's batches.
        .. Enumerable.Range(0, 256).Select(head => new[] { (byte)head }),
        [1, 1, 0, 0, 0], [1, 2, 1, 0, 4, 1, 0, 0, 0], [49, 1, 1, 1, 0, 0], [52],
    ];

    private static ImmutableArray<byte[]> ProfileTokens =>
    [
        // Tags of profile.proto with each wire type, lengths of nothing, and a packed field.
        .. Enumerable.Range(1, 16).SelectMany(number => Enumerable.Range(0, 6).Select(wireType => new[] { (byte)(number << 3 | wireType) })),
        [0x12, 0x00], [0x22, 0x00], [0x2A, 0x00], [0x32, 0x00], [0x0A, 0x02, 0x08, 0x01], [0x1F, 0x8B, 0x08, 0x00],
    ];

    private static ImmutableArray<byte[]> ProfileTextTokens => CorpusFolder.Texts(
        "--- contention:\n", "--- mutex:\n", "threadcreate profile: total 3\n", "cycles/second=1000000000\n", "cycles/second=0\n", "sampling period=10\n", "sampling period=0\n", "1 2 @ 0x1\n", "3 @ 0x1\n",
        "#\t0x1\tmain.f+0x2\t/x.go:1\n", "#\t0x0\n", "# labels: {}\n", "99999999999999999999", "-1", "\n\n", "\r\n");

    private static ImmutableArray<byte[]> DumpTokens => CorpusFolder.Texts(
        "goroutine 1 [running]:\n", "goroutine ", " [", "]:\n", "created by ", " in goroutine 1\n", "\n\n", "\n\t", "(...)\n", "...additional frames elided...\n", ", 5 minutes", ", locked to thread", " (scan)",
        "goroutine profile: total 3\n", "1 @ 0x1 0x2\n", "# labels: {\"a\":\"b\"}\n", "#\t0x1\tmain.f+0x2\t/x.go:1\n", "panic: ", "fatal error: ", "[recovered]", "[signal SIGSEGV: x code=0x1 addr=0x0 pc=0x1]\n",
        "runtime stack:\n", "exit status 2\n", " {a: b}", "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n", "\r\n", "\0", "\u001b[31m", "[originating from goroutine 1]:\n");

    private static ImmutableArray<byte[]> MemStatsTokens => CorpusFolder.Texts("# runtime.MemStats\n", "# ", " = ", " / ", "# PauseNs = [", "]\n", "# GCCPUFraction = ", "# NumGC = ", "\n");

    private static ImmutableArray<byte[]> JsonTokens => CorpusFolder.Texts("{", "}", "[", "]", "\"memstats\":", ",", ":", "null", "true", "1e999", "\"\\ud800\"", "\"\\u0000\"", "{\"a\":{\"a\":{\"a\":", "[[[[[[[[[[[[[[[[", "\"BySize\":[", "\"PauseNs\":[");

    private static ImmutableArray<byte[]> MetricsTokens => CorpusFolder.Texts(
        "# TYPE ", "# HELP ", "# UNIT ", "# EOF\n", " counter\n", " gauge\n", " histogram\n", " summary\n", "_bucket{le=\"", "_total", "_sum ", "_count ", "{", "}", "=\"", "\"", "\\\"", "\\n", ",", " ", "\n",
        "+Inf", "NaN", "-Inf", "1e308", " # {trace_id=\"a\"} 1", "go_goroutines ", "http_requests_total{code=\"500\"} ", "{\"a.b\"");

    private static ImmutableArray<byte[]> EtlTokens =>
    [
        // Header types with their marker, hooks of the kernel's events, sizes and flags of buffers.
        .. Enumerable.Range(0, 24).Select(form => new byte[] { (byte)form, 0xc0 }),
        [36, 5], [50, 5], [3, 3], [46, 15], [32, 24], [3, 20], [32, 2], [0x40, 0], [0x60, 0], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 1, 0], [72, 0, 0, 0], [0xff, 0x7f],
    ];

    private static ImmutableArray<byte[]> HtmlTokens => CorpusFolder.Texts("<tr><td>", "</td></tr>", "<a href='goroutine?debug=1'>", "<table>", "&lt;", "&#x10FFFF;", "goroutine", "threadcreate", "<!--");

    private static bool ReadTrace(ArraySegment<byte> input)
    {
        try
        {
            ExportJson.Write(TraceDocument.Of(TraceAnalyzer.Analyze(Stream(input))));
            return true;
        }
        catch (TraceFormatException)
        {
            return false;
        }
    }

    private static bool ReadProfile(ArraySegment<byte> input)
    {
        try
        {
            Profile profile = ProfileReader.Read(Stream(input));
            AnalysedProfile analysed = new(profile);
            for (int type = 0; type < profile.SampleTypes.Length; type++)
            {
                analysed.Functions(type);
                analysed.Lines(type);
                analysed.Tree(type);
            }

            // What is written must be read again.
            using MemoryStream written = new();
            ProfileWriter.WriteUncompressed(profile, written);
            written.Position = 0;
            return ProfileReader.Read(written).SampleCount == profile.SampleCount ? true : throw new InvalidOperationException("what was written has other samples");
        }
        catch (ProfileException)
        {
            return false;
        }
    }

    private static bool ReadProfileText(ArraySegment<byte> input)
    {
        try
        {
            Profile profile = ProfileTextReader.Read(Stream(input));
            AnalysedProfile analysed = new(profile);
            for (int type = 0; type < profile.SampleTypes.Length; type++) analysed.Functions(type);
            return true;
        }
        catch (ProfileException)
        {
            return false;
        }
    }

    private static bool ReadDump(ArraySegment<byte> input)
    {
        Reading<GoroutineDump> dump = GoroutineDumpReader.Read(Stream(input));
        if (!dump.HasValue) return false;
        DumpGroups.Of(dump.Value);
        ExportJson.Write(GoroutineDumpDocumentBuilder.Build(dump.Value));
        return true;
    }

    private static bool ReadMemStats(ArraySegment<byte> input) => Accept(MemStatsTextParser.Parse(input, "heap?debug=1"), isExpvar: false);

    private static bool ReadExpvar(ArraySegment<byte> input) => Accept(ExpvarParser.Parse(input, "/debug/vars"), isExpvar: true);

    private static bool ReadIndex(ArraySegment<byte> input) => PprofIndexParser.Parse(input).HasValue;

    private static bool ReadMetrics(ArraySegment<byte> input)
    {
        ServiceMetricsReader read = new();
        ExpositionParser parser = new(read);
        // In two pieces, as a network gives it.
        int half = input.Count / 2;
        if (!parser.Push(input.AsSpan(0, half)) || !parser.Push(input.AsSpan(half)) || parser.Finish() is not null) return false;
        ServiceMetrics.Service(read, "/metrics");
        ServiceMetrics.Runtime(read, "/metrics");
        return true;
    }

    private static bool Analyze(ArraySegment<byte> input)
    {
        AnalyzedFile file;
        try
        {
            file = FileAnalyzer.Analyze(Stream(input));
        }
        catch (FileAnalysisException)
        {
            return false;
        }

        switch (file)
        {
            case ProfileFile { Profile: var profile }:
                ExportJson.Write(ProfileDocument.Of(profile));
                ProfileText.Write(TextWriter.Null, profile, 30);
                if (profile.SampleTypes.IsEmpty) break;
                NamedTree tree = new(profile.SampleTypes[0].Type, profile.SampleTypes[0].Unit, profile.Tree(0));
                CollapsedStacks.Write(TextWriter.Null, tree.Tree);
                FlameGraphSvg.Write(TextWriter.Null, "mutated", tree);
                Speedscope.Write(TextWriter.Null, "mutated", [tree]);
                break;
            case TraceFile trace:
                ExportJson.Write(TraceDocument.Of(trace.Report));
                break;
            case DumpFile dump:
                ExportJson.Write(GoroutineDumpDocumentBuilder.Build(dump.Dump));
                break;
            case MemStatsFile stats:
                ExportJson.Write(MemStatsDocumentBuilder.Build(stats.Stats, stats.IsExpvar));
                break;
            case EtlFile etl:
                ExportJson.Write(EtlDocument.Of(etl.Report));
                break;
            case MetricsFile metrics:
                ExportJson.Write(MetricsDocumentBuilder.Build(metrics.Metrics));
                break;
        }

        return true;
    }

    private static bool Accept(Reading<MemStats> stats, bool isExpvar)
    {
        if (!stats.HasValue) return false;
        MemStatsCounters.From(stats.Value);
        ExportJson.Write(MemStatsDocumentBuilder.Build(stats.Value, isExpvar));
        return true;
    }

    private static MemoryStream Stream(ArraySegment<byte> input) => new(input.Array!, input.Offset, input.Count, writable: false);
}
