namespace GoTop.Bench;

/// <param name="GoTopPath">The published program to measure; null to measure the peers alone.</param>
/// <param name="ReportPath">Markdown file whose sections are renewed; null to print only.</param>
/// <param name="ShowScreens">Print each screen once, to see that what is measured is what is meant.</param>
/// <param name="Only">Name of the one screen program to measure; null for all.</param>
internal sealed record BenchOptions(string? GoTopPath, string? ReportPath, int Rounds, TimeSpan Window, int Pairs, bool ShowScreens, string? Only)
{
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Removed at the end: settings of the measured programs, built targets.</summary>
    public string WorkFolder { get; } = Directory.CreateTempSubdirectory("gotop-bench-").FullName;

    public string RequireGoTop() => GoTopPath ?? throw new InvalidOperationException("this part measures gotop: give --gotop PATH");

    public void Say(string line) => Console.Error.WriteLine($"{Time.GetLocalNow():HH:mm:ss} {line}");
}
