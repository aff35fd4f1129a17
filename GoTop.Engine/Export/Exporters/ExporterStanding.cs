namespace GoTop.Engine.Export.Exporters;

/// <summary>How an exporter stands.</summary>
/// <param name="Where">To whom, or where it listens; without secrets.</param>
/// <param name="Sent">Of Prometheus: pages served; of OTLP: points and log records; of the push: documents.</param>
/// <param name="Dropped">What was given up or found no room.</param>
/// <param name="Waiting">What is still to be sent.</param>
/// <param name="Problem">The last one; it may be over.</param>
public sealed record ExporterStanding(string Id, string Where, DateTimeOffset Since, long Sent, long Dropped, long Waiting, DateTimeOffset? LastSuccess, string? Problem, DateTimeOffset? ProblemAt)
{
    /// <summary>The problem is only told: nothing failed of what is ours to do.</summary>
    public bool ProblemIsNote { get; init; }

    /// <summary>Nothing has worked since the last problem.</summary>
    public bool IsFailing => Problem is not null && !ProblemIsNote && (LastSuccess is null || LastSuccess < ProblemAt);
}
