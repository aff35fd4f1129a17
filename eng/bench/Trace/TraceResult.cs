using GoTop.Bench.Measure;

namespace GoTop.Bench.Trace;

/// <param name="Name">In words, for the table.</param>
/// <param name="Reference">Null where it could not be had.</param>
internal sealed record TraceFileResult(string Name, long Bytes, long Events, PassResult Reading, PassResult Analysing, PassResult? Reference);

/// <param name="Without">Why what is missing is missing; empty when nothing is.</param>
internal sealed record TraceResult(IReadOnlyList<TraceFileResult> Files, IReadOnlyList<string> Versions, IReadOnlyList<string> Without);
