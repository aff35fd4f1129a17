using GoTop.Bench.Measure;

namespace GoTop.Bench.Dump;

/// <param name="Name">In words, for the table.</param>
/// <param name="Grouping">Read, grouped and tagged, as <c>gotop analyze</c> does.</param>
/// <param name="Peer">Null where it could not be had.</param>
internal sealed record DumpFileResult(string Name, long Bytes, long Goroutines, int Stacks, PassResult Reading, PassResult Grouping, PassResult? Peer);

/// <param name="Without">Why what is missing is missing; empty when nothing is.</param>
internal sealed record DumpResult(IReadOnlyList<DumpFileResult> Files, IReadOnlyList<string> Versions, IReadOnlyList<string> Without);
