using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;
using GoTop.Engine.Model;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>
/// Reads an event trace log of Windows and says what it tells; of bounded size however long the log. It is read once for the
/// sums, which tell which process is looked into, and again for that one.
/// </summary>
public sealed class EtlAnalyzer : IDisposable
{
    private const int MostModules = 200;
    private const int MaxNameChars = 300;

    /// <summary>What spans more has a damaged clock, as with traces.</summary>
    private const long LongestNanoseconds = 30L * 86_400 * 1_000_000_000;

    private readonly EtlReader _log;
    private readonly EventSums _sums;
    private readonly LogPass _pass;
    private readonly LoggedThreads _threads;
    private readonly ProcessTable _processes;
    private readonly ImageMap _images;

    private EtlAnalyzer(EtlReader log, ThreadOwners owners)
    {
        _log = log;
        _sums = new EventSums(log.Header.FirstTimeStamp);
        // The mapping comes first: the threads' processes are known before what asks for them.
        _pass = new LogPass(log.Header, _sums, _sums, owners);
        _threads = new LoggedThreads(_pass.Kernel);
        _processes = new ProcessTable(_pass.Kernel);
        _images = new ImageMap(_pass.Kernel);
        NameEvents();
    }

    /// <param name="file">Can be sought in; stays open.</param>
    /// <exception cref="EtlException">Nothing can be told of it.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static EtlReport Analyze(Stream file, CancellationToken cancellation = default) => Analyze(file, EtlOptions.None, cancellation);

    /// <inheritdoc cref="Analyze(Stream, CancellationToken)"/>
    public static EtlReport Analyze(Stream file, EtlOptions options, CancellationToken cancellation = default)
    {
        long origin = file.Position;
        using EtlAnalyzer first = new(EtlReader.Open(file, cancellation), new ThreadOwners());
        first.Read(cancellation);
        if (!first._threads.TellsAnyOf(first._sums.UnownedThreads)) return first.Report(file, origin, options, cancellation);
        // Whose the threads are is told after they were seen at work.
        file.Position = origin;
        using EtlAnalyzer again = new(EtlReader.Open(file, cancellation), first._threads.Owners());
        again.Read(cancellation);
        return again.Report(file, origin, options, cancellation);
    }

    public void Dispose() => _pass.Dispose();

    private void Read(CancellationToken cancellation) => _pass.Read(_log, cancellation);

    private EtlReport Report(Stream file, long origin, EtlOptions options, CancellationToken cancellation)
    {
        ImmutableArray<LoggedProcess> processes = [.. Processes().OrderByDescending(one => one.OnCpuNanoseconds ?? 0).ThenByDescending(one => one.Samples ?? 0).ThenBy(one => one.Id)];
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
            Processes = processes,
            Scheduler = _sums.Scheduler.Figures(),
            Samples = _sums.Samples.Figures(_images, _processes, MostModules),
            Target = Target(processes, file, origin, options, cancellation),
        };
    }

    private Reading<LoggedTarget> Target(ImmutableArray<LoggedProcess> processes, Stream file, long origin, EtlOptions options, CancellationToken cancellation)
    {
        Reading<TargetChoice> chosen = TargetChoice.Of(processes, options, process => IsGo(process, options));
        if (!chosen.TryGet(out TargetChoice choice)) return chosen.Absent<LoggedTarget>();
        (long began, long ended) = _sums.Span(_log.Header.TicksPerSecond);
        if (ended - began is < 0 or > LongestNanoseconds) return Reading.NotSupported<LoggedTarget>("the times of its events are damaged: they lie more than 30 days apart");
        int process = choice.Process.Id;
        TargetAnalysis analysis = new(process, _sums.Coverage, began);
        file.Position = origin;
        using (LogPass pass = new(_log.Header, analysis, analysis, _threads.Owners())) pass.Read(EtlReader.Open(file, cancellation), cancellation);

        LoadedImage? image = _images.Executable(process, choice.Process.Name);
        Reading<LoggedExecutable> found = image is null ? Reading.NotSupported<LoggedExecutable>("the log does not tell where its executable was loaded") : LoggedExecutable.Open(image, options);
        using LoggedExecutable? executable = found.ValueOr(null);
        Reading<string> functions = executable is null || image is null ? found.Absent<string>() : BuildAgreement.Check(image, executable, analysis.ReturnAddresses, _log.Header.StartedAt);
        LoggedStackNames names = new(_images, process, functions.HasValue && executable is not null && image is not null ? (executable, image) : null);
        KernelReport report = analysis.Report(ended, _processes.NameOf, names);
        return Reading.Of(new LoggedTarget(process, choice.Process.Name, choice.Why, report, functions) { PartialBecause = TargetAnalysis.PartialBecause(_log, report) });
    }

    private bool IsGo(LoggedProcess process, EtlOptions options)
    {
        if (_images.Executable(process.Id, process.Name) is not { } image) return false;
        using LoggedExecutable? executable = LoggedExecutable.Open(image, options with { Binary = null }).ValueOr(null);
        return executable is not null;
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
        _pass.Kernel.All += static _ => { };
        new ClrTraceEventParser(_pass.Source).All += static _ => { };
        new ClrRundownTraceEventParser(_pass.Source).All += static _ => { };
        new ClrPrivateTraceEventParser(_pass.Source).All += static _ => { };
        new SymbolTraceEventParser(_pass.Source).All += static _ => { };
        new DynamicTraceEventParser(_pass.Source).All += static _ => { };
    }
}
