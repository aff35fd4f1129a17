using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;
using GoTop.Engine.Model;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Reads an event trace log of Windows and sums up what it says; of bounded size however long the log.</summary>
public sealed class EtlAnalyzer : IDisposable
{
    private const int MostModules = 200;
    private const int MaxNameChars = 300;

    private readonly EtlReader _log;
    private readonly EventSums _sums = new();
    private readonly EtlRecordReader _records;
    private readonly KernelEventMapping _mapping;
    private readonly ProcessTable _processes;
    private readonly ImageMap _images;

    private EtlAnalyzer(EtlReader log)
    {
        _log = log;
        _records = new EtlRecordReader(log.Header, _sums);
        // Whoever subscribes first is called first: the threads' processes are known before what asks for them.
        _mapping = new KernelEventMapping(_records.Source, log.Header.TicksPerSecond, _sums);
        _processes = new ProcessTable(_mapping.Kernel);
        _images = new ImageMap(_mapping.Kernel);
        NameEvents();
    }

    /// <param name="file">Can be sought in; stays open.</param>
    /// <exception cref="EtlException">Nothing can be told of it.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static EtlReport Analyze(Stream file, CancellationToken cancellation = default)
    {
        using EtlAnalyzer analyzer = new(EtlReader.Open(file, cancellation));
        return analyzer.Analyze(cancellation);
    }

    public void Dispose() => _records.Dispose();

    private EtlReport Analyze(CancellationToken cancellation)
    {
        _log.Read(_records, cancellation);
        _mapping.Flush();
        return new EtlReport
        {
            Header = _log.Header,
            DurationNanoseconds = _sums.Duration(_log.Header.TicksPerSecond),
            Buffers = _log.Buffers,
            Events = _sums.Events,
            UndecodedEvents = _sums.Undecoded,
            EndedEarly = _log.EndedEarly,
            DamagedBuffers = _log.DamagedBuffers,
            Problems = [.. _log.Problems],
            Counts = [.. _sums.Counts.Select(count => new EventCount(PlainText.Clean(count.Provider, MaxNameChars), PlainText.Clean(count.Event, MaxNameChars), count.Count))],
            Processes = [.. Processes().OrderByDescending(one => one.OnCpuNanoseconds ?? 0).ThenByDescending(one => one.Samples ?? 0).ThenBy(one => one.Id)],
            Scheduler = _sums.Scheduler.Figures(),
            Samples = _sums.Samples.Figures(_images, _processes, MostModules),
        };
    }

    private IEnumerable<LoggedProcess> Processes()
    {
        Dictionary<int, LoggedProcess> all = _processes.All.ToDictionary(process => process.Id);
        // Some are seen at work and never named.
        foreach (int id in _sums.Scheduler.Processes.Concat(_sums.Samples.Processes).Where(id => id >= 0)) all.TryAdd(id, new LoggedProcess(id, null, null, null, null, null));
        return all.Values.Select(process => _sums.Scheduler.Describe(process) with { Samples = _sums.Samples.Of(process.Id) });
    }

    /// <summary>Parsers know the names of events only once somebody listens to them.</summary>
    private void NameEvents()
    {
        _mapping.Kernel.All += static _ => { };
        new ClrTraceEventParser(_records.Source).All += static _ => { };
        new ClrRundownTraceEventParser(_records.Source).All += static _ => { };
        new ClrPrivateTraceEventParser(_records.Source).All += static _ => { };
        new SymbolTraceEventParser(_records.Source).All += static _ => { };
        new DynamicTraceEventParser(_records.Source).All += static _ => { };
    }
}
