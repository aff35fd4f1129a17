using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Exporters;

/// <summary>What an exporter does, for what its problems are of: one that comes and goes must not make those of another new each time.</summary>
internal enum ExportMatter : byte
{
    Sending,
    LogLines,

    /// <summary>Making what is sent.</summary>
    Making,

    /// <summary>Where it waits until it is taken.</summary>
    Buffer,

    /// <summary>What others do who may be strangers.</summary>
    Others,
}

/// <summary>Counts for one exporter. Any thread.</summary>
internal sealed class ExporterTally(string id, string where, TimeProvider time)
{
    private const int MostOfProblem = 300;
    private const int MostTold = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<ExportMatter, HashSet<string>> _told = [];
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private long _sent;
    private long _dropped;
    private DateTimeOffset? _success;
    private string? _problem;
    private DateTimeOffset? _problemAt;
    private bool _isNote;

    public ExporterStanding Standing(long waiting)
    {
        lock (_gate) return new ExporterStanding(id, where, _since, _sent, _dropped, waiting, _success, _problem, _problemAt) { ProblemIsNote = _isNote };
    }

    public void Sent(long count, ExportMatter matter = ExportMatter.Sending)
    {
        lock (_gate)
        {
            _sent += count;
            _success = time.GetUtcNow();
            _told.Remove(matter);
        }
    }

    /// <summary>The next problem of this matter is a new one.</summary>
    public void Over(ExportMatter matter)
    {
        lock (_gate) _told.Remove(matter);
    }

    public void Dropped(long count)
    {
        lock (_gate) _dropped += count;
    }

    /// <summary>Something to be told that is no failure. It does not take the place of one that lasts.</summary>
    /// <param name="kind">The same for texts that differ only in their numbers.</param>
    /// <returns>True when it has not been told yet: worth a line of the log.</returns>
    public bool Noted(string problem, string? kind = null)
    {
        problem = PlainText.Clean(problem, MostOfProblem);
        lock (_gate)
        {
            if (_problem is null || _isNote || _success >= _problemAt) (_problem, _problemAt, _isNote) = (problem, time.GetUtcNow(), true);
            return IsNew(ExportMatter.Others, kind ?? problem);
        }
    }

    /// <returns>True when it has not been told since this matter last went well: worth a line of the log.</returns>
    public bool Failed(string problem, ExportMatter matter = ExportMatter.Sending)
    {
        problem = PlainText.Clean(problem, MostOfProblem);
        lock (_gate)
        {
            (_problem, _problemAt, _isNote) = (problem, time.GetUtcNow(), false);
            return IsNew(matter, problem);
        }
    }

    /// <summary>Several problems may take turns; past some of them the log has said enough.</summary>
    private bool IsNew(ExportMatter matter, string text)
    {
        if (!_told.TryGetValue(matter, out HashSet<string>? told)) _told[matter] = told = new HashSet<string>(StringComparer.Ordinal);
        return told.Count < MostTold && told.Add(text);
    }
}
