using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs.WindowsEvents;

/// <summary>
/// Events of one Windows event log: of the target's service where it has one, else of the log as a whole. Asked for by their
/// numbers, which grow by one with each event; a log that was cleared begins anew.
/// </summary>
/// <param name="source">The provider whose events count; null for all.</param>
internal sealed class EventLogInput(string log, string? source, IEventLogQuery query, LogIntake intake, TimeProvider time) : ILogInput
{
    private const int MostAtOnce = 200;
    private const int FirstEvents = 100;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LogStream _stream = intake.Open("eventlog:" + log, unwraps: false);
    private long? _last;

    public int Logs => 1;

    public ImmutableArray<LogProblem> Problems { get; private set; } = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Pace, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) Catch(cancellation);
    }

    public void Catch(CancellationToken cancellation)
    {
        lock (_gate)
        {
            try
            {
                long newest = query.NewestRecord(log);
                bool first = _last is null;
                // Numbers begin at 1 again when somebody clears the log.
                long last = _last is { } known && known <= newest ? known : first ? Math.Max(0, newest - FirstEvents) : 0;
                int unreadable = 0;
                while (last < newest && !cancellation.IsCancellationRequested)
                {
                    long before = last;
                    IReadOnlyList<string> events = query.Read(log, Query(source, last), MostAtOnce);
                    foreach (string xml in events)
                    {
                        WindowsEvent? found = WindowsEvent.Parse(xml);
                        if (found is null) unreadable++;
                        else Take(found, first);
                        last = Math.Max(last, found?.RecordId ?? WindowsEvent.NumberOf(xml));
                    }

                    // Where not even the numbers of a whole portion can be read, nothing tells where to go on but the newest.
                    if (events.Count < MostAtOnce || last == before) last = newest;
                    // What was taken in is not read again, should the next portion be refused.
                    _last = last;
                }

                _last = last;
                Problems = unreadable == 0 ? [] : [new LogProblem(LogProblemKind.Partial, $"event log {log}: {Counted.Of(unreadable, "event")} could not be read")];
            }
            catch (IOException refused)
            {
                Problems = [new LogProblem(LogProblemKind.Unreadable, $"event log {log}: {refused.Message}")];
            }
        }
    }

    public void Dispose()
    {
        // Nothing is held between readings.
    }

    /// <summary>A name in quotation marks of an XPath string, which knows no escapes.</summary>
    internal static string Query(string? source, long after)
    {
        string newer = string.Create(CultureInfo.InvariantCulture, $"EventRecordID>{after}");
        if (source is null) return $"*[System[{newer}]]";
        char mark = source.Contains('\'', StringComparison.Ordinal) ? '"' : '\'';
        return $"*[System[Provider[@Name={mark}{source.Replace("\"", "", StringComparison.Ordinal)}{mark}] and {newer}]]";
    }

    private void Take(WindowsEvent found, bool isPast)
    {
        _stream.Refresh();
        if (found.At is { } at) _stream.Now = at;
        _stream.IsPast = isPast;
        foreach (byte[] line in found.Lines()) _stream.Take(line);
    }
}
