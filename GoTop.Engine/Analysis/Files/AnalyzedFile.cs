using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.GoRuntime.Pprof;

namespace GoTop.Engine.Analysis.Files;

/// <summary>A file of any format, read and analysed.</summary>
/// <param name="Kind">As the documents' <c>kind</c> says it.</param>
public abstract record AnalyzedFile(string Kind);

public sealed record ProfileFile(AnalysedProfile Profile) : AnalyzedFile("profile");

public sealed record TraceFile(TraceReport Report) : AnalyzedFile("trace");

public sealed record DumpFile(GoroutineDump Dump) : AnalyzedFile("goroutineDump");

/// <param name="IsExpvar">From expvar's JSON, not from the end of <c>heap?debug=1</c>.</param>
public sealed record MemStatsFile(MemStats Stats, bool IsExpvar) : AnalyzedFile("memstats");

public sealed record EtlFile(EtlReport Report) : AnalyzedFile("etl");

public sealed record MetricsFile(ExposedMetrics Metrics) : AnalyzedFile("metrics");
