using GoTop.Bench.Measure;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Bench.Trace;

/// <summary>Execution traces read from a file to the end, alone and with their analysis, and by the reference.</summary>
internal sealed class TraceBenchmark(BenchOptions options)
{
    // Enough for the last of the compiler's tiers.
    private const int WarmUp = 40, Passes = 15;

    public async Task<TraceResult> RunAsync(CancellationToken cancellation)
    {
        TraceFiles files = new(options);
        List<TraceFileResult> results = [];
        List<string> without = [];
        ReferenceReader? reference = null;
        try
        {
            reference = await ReferenceReader.BuildAsync(options, cancellation);
        }
        catch (InvalidOperationException missing)
        {
            without.Add($"no reference: {missing.Message}");
        }

        foreach ((string name, string path) in await files.GetAsync(cancellation))
        {
            options.Say(name);
            long events = 0;
            // In turn, so that what else the machine does meets both.
            PassResult reading = await MeasureAsync(() => events = Read(path));
            (PassResult Passes, long Events)? read = reference is null ? null : await reference.ReadAsync(path, Passes, cancellation);
            PassResult analysing = await MeasureAsync(() => Analyse(path, cancellation));
            if (read is { } other && other.Events != events) throw new InvalidOperationException($"{name}: {events} events, and {other.Events} of the reference");
            results.Add(new TraceFileResult(name, new FileInfo(path).Length, events, reading, analysing, read?.Passes));
        }

        return new TraceResult(results, reference is null ? [] : [reference.Version], [.. without, .. files.Without]);
    }

    private Task<PassResult> MeasureAsync(Action pass) => PassResult.OfAsync(pass, WarmUp, Passes, options.Time);

    private static long Read(string path)
    {
        EventCounter counter = new();
        using FileStream file = Open(path);
        TraceReader reader = TraceReader.Open(file);
        while (reader.ReadGeneration(counter))
        {
        }

        return counter.Events;
    }

    private static void Analyse(string path, CancellationToken cancellation)
    {
        using FileStream file = Open(path);
        if (TraceAnalyzer.Analyze(file, cancellation: cancellation).EndedEarly is { } early) throw new InvalidOperationException(early);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    private sealed class EventCounter : ITraceSink
    {
        public long Events { get; private set; }

        public void OnGeneration(TraceGeneration generation)
        {
        }

        public void OnEvents(ReadOnlySpan<TraceEvent> events) => Events += events.Length;
    }
}
