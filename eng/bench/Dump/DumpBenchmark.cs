using GoTop.Bench.Measure;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Bench.Dump;

/// <summary>Goroutine dumps read from memory, alone and with their groups, and by a peer.</summary>
internal sealed class DumpBenchmark(BenchOptions options)
{
    private const int WarmUp = 20, Passes = 15, PeerPasses = 5;

    public async Task<DumpResult> RunAsync(CancellationToken cancellation)
    {
        List<DumpFileResult> results = [];
        List<string> without = [];
        PanicParse? peer = null;
        try
        {
            peer = await PanicParse.BuildAsync(options, cancellation);
        }
        catch (InvalidOperationException missing)
        {
            without.Add($"no peer: {missing.Message}");
        }

        foreach ((string name, string path) in await new DumpFiles(options).MakeAsync(cancellation))
        {
            options.Say(name);
            byte[] text = await File.ReadAllBytesAsync(path, cancellation);
            GoroutineDump dump = Read(text);
            // In turn, so that what else the machine does meets both.
            PassResult reading = await PassResult.OfAsync(() => Read(text), WarmUp, Passes, options.Time);
            (PassResult Passes, long Goroutines)? read = peer is null ? null : await peer.ReadAsync(path, PeerPasses, cancellation);
            PassResult grouping = await PassResult.OfAsync(() => DumpGroups.Of(Read(text)), WarmUp, Passes, options.Time);
            if (read is { } other && other.Goroutines != dump.Goroutines) throw new InvalidOperationException($"{name}: {dump.Goroutines} goroutines, and {other.Goroutines} of the peer");
            results.Add(new DumpFileResult(name, text.Length, dump.Goroutines, dump.Stacks.Length, reading, grouping, read?.Passes));
        }

        return new DumpResult(results, peer is null ? [] : [peer.Version], without);
    }

    private static GoroutineDump Read(byte[] text)
    {
        Reading<GoroutineDump> read = GoroutineDumpReader.Read(text);
        if (!read.TryGet(out GoroutineDump? dump) || dump.Truncation is not null || !dump.Problems.IsEmpty) throw new InvalidOperationException($"the dump is not read whole: {read.Reason}");
        return dump;
    }
}
