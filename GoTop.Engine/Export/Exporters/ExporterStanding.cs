using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Exporters;

/// <summary>How an exporter stands.</summary>
/// <param name="Where">To whom, or where it listens; without secrets.</param>
/// <param name="Sent">Of Prometheus: pages served; of OTLP: points and log records; of the push: documents.</param>
/// <param name="Dropped">What was given up or found no room.</param>
/// <param name="Waiting">What is still to be sent.</param>
/// <param name="Problem">The last one; it may be over.</param>
public sealed record ExporterStanding(string Id, string Where, DateTimeOffset Since, long Sent, long Dropped, long Waiting, DateTimeOffset? LastSuccess, string? Problem, DateTimeOffset? ProblemAt)
{
    /// <summary>Nothing has worked since the last problem.</summary>
    public bool IsFailing => Problem is not null && (LastSuccess is null || LastSuccess < ProblemAt);
}

/// <summary>Counts for one exporter. Any thread.</summary>
internal sealed class ExporterTally(string id, string where, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private long _sent;
    private long _dropped;
    private DateTimeOffset? _success;
    private string? _problem;
    private DateTimeOffset? _problemAt;
    private bool _failing;

    public ExporterStanding Standing(long waiting)
    {
        lock (_gate) return new ExporterStanding(id, where, _since, _sent, _dropped, waiting, _success, _problem, _problemAt);
    }

    public void Sent(long count)
    {
        lock (_gate)
        {
            _sent += count;
            _success = time.GetUtcNow();
            _failing = false;
        }
    }

    public void Dropped(long count)
    {
        lock (_gate) _dropped += count;
    }

    /// <summary>Something to be told that is no failure.</summary>
    /// <returns>True when it is another one than the last: worth a line of the log.</returns>
    public bool Noted(string problem)
    {
        problem = PlainText.Clean(problem, 300);
        lock (_gate)
        {
            bool isNew = problem != _problem;
            (_problem, _problemAt) = (problem, time.GetUtcNow());
            return isNew;
        }
    }

    /// <returns>True for the first of a row, or another one than before: worth a line of the log.</returns>
    public bool Failed(string problem)
    {
        problem = PlainText.Clean(problem, 300);
        lock (_gate)
        {
            bool isNew = !_failing || problem != _problem;
            (_problem, _problemAt, _failing) = (problem, time.GetUtcNow(), true);
            return isNew;
        }
    }
}
