namespace GoTop.Bench.Report;

/// <summary>One part's results as a section of the document.</summary>
/// <param name="Versions">Of the programs that took part, each with its name.</param>
internal sealed record BenchmarkSection(string Title, IReadOnlyList<string> Versions, IReadOnlyList<string> Lines);
