using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.Versioning;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etw.Providers;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows.PerformanceData;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>64-bit Windows, from Server 2016 and Windows 10 on; and Wine, as far as it goes.</summary>
[SupportedOSPlatform("windows")]
public sealed class WindowsPlatform : IPlatform
{
    private readonly TimeProvider _time;
    private readonly bool _wine = WineDetector.IsWine();
    private readonly SystemProcessTable _processes;
    private readonly ProcessAccess _access = new();
    private readonly ProcessReader _reader;
    private readonly HostReader _host = new();
    private readonly EtwSessionKeeper _etw = new(new LiveEtwSystem(), new LiveProcessEnd());

    private readonly SharedAnswer<Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>>> _listeners;
    private readonly SharedAnswer<Reading<ImmutableDictionary<int, string>>> _services;

    public WindowsPlatform(TimeProvider time)
    {
        _time = time;
        _reader = new ProcessReader(_access);
        _processes = new SystemProcessTable(time);
        _listeners = new(time, ListenerReader.Read);
        _services = new(time, () => ServiceReader.Read().Select(services => ServiceProcesses.ByProcess(services, _processes.List())));
    }

    public string Name => "Windows";

    public ImmutableArray<ProcessEntry> ListProcesses() => _processes.List();

    public Reading<ProcessKey> FindProcess(int processId) =>
        Life(processId) is { } key ? Reading.Of(key) : ProcessAccess.Gone<ProcessKey>(processId);

    public bool IsAlive(ProcessKey process) => Life(process.ProcessId) == process;

    public Reading<ExecutablePath> Executable(ProcessKey process) =>
        _reader.ImagePath(process).Select(path => new ExecutablePath(path, path));

    public Reading<string> User(ProcessKey process) => _reader.User(process);

    public Reading<DateTimeOffset> StartedAt(ProcessKey process) =>
        FileTimes.ToMoment(process.StartToken) is { } moment
            ? Reading.Of(moment)
            : Reading.Failed<DateTimeOffset>("the system gives no start time");

    public Reading<ImmutableArray<string>> CommandLine(ProcessKey process) => _reader.CommandLine(process);

    public Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts() => _listeners.Get();

    public Reading<ImmutableDictionary<int, string>> Services() => _services.Get();

    public Reading<HostCounters> ReadHost() => _host.Read();

    public Reading<ProcessCounters> ReadProcess(ProcessKey process) =>
        _processes.Find(process.ProcessId) is { } found && found.CreateTime == process.StartToken ? Counters(process, found) : ProcessAccess.Gone<ProcessCounters>(process.ProcessId);

    public ProcessReading ReadProcessAndThreads(ProcessKey process) =>
        _processes.FindWithThreads(process.ProcessId) is { } found && found.Process.CreateTime == process.StartToken
            ? new ProcessReading(Counters(process, found.Process), Reading.Of(ThreadTableBuilder.Build(found.Threads, _wine)))
            : new ProcessReading(ProcessAccess.Gone<ProcessCounters>(process.ProcessId), ProcessAccess.Gone<ThreadTable>(process.ProcessId));

    public unsafe FileNumber? NumberOf(SafeFileHandle file)
    {
        const int FileIdInfo = 18;
        Span<byte> info = stackalloc byte[24];
        fixed (byte* into = info)
        {
            // Wine, and file systems without 128-bit numbers, refuse.
            if (!NativeMethods.GetFileInformationByHandleEx(file, FileIdInfo, into, (uint)info.Length)) return null;
        }

        return new FileNumber(BinaryPrimitives.ReadUInt64LittleEndian(info), BinaryPrimitives.ReadUInt64LittleEndian(info[16..]), BinaryPrimitives.ReadUInt64LittleEndian(info[8..]));
    }

    public Reading<ContainerCounters> ReadContainer(ProcessKey process) => Reading.NotSupported<ContainerCounters>(NoContainers);

    public string NoContainers => "control groups are Linux's; GoTop does not read job objects";

    public Reading<ProcessMemory> OpenMemory(ProcessKey process) => _reader.OpenMemory(process);

    public IProcessScheduling Scheduling => field ??= new ProcessScheduling(_access, () => _host.Topology);

    public Reading<ImmutableArray<KeyValuePair<string, string>>> Environment(ProcessKey process) => _reader.Environment(process);

    public Reading<string> WorkingDirectory(ProcessKey process) => _reader.WorkingDirectory(process);

    public Reading<ICounterQuery> OpenCounters(ImmutableArray<string> paths) =>
        LivePerformanceData.Open().Select<ICounterQuery>(data => new PerformanceCounterQuery(data, paths));

    public Reading<IKernelEventSession> OpenKernelEvents(ProcessKey process) =>
        OpenKernelEvents(process, isCheap: false);

    public Reading<IKernelEventSession> OpenCheapKernelEvents(ProcessKey process) => OpenKernelEvents(process, isCheap: true);

    public string? WhyNoFlightRecorder => EtwFlightRecorder.WhyNot(_etw, _wine);

    public Reading<IFlightRecorder> StartFlightRecorder(FlightRecorderSettings settings) =>
        EtwFlightRecorder.Start(_etw, System.Environment.ProcessId, id => Life(id) is not null, _wine, settings);

    public Reading<IProviderEvents> OpenProviderEvents(ProcessKey process, ImmutableArray<EtwProviderSettings> providers) =>
        EtwProviderSession.Open(_etw, _time, process.ProcessId, System.Environment.ProcessId, id => Life(id) is not null, _wine, providers);

    public long RuntimeClockNanoseconds() => RuntimeClock.Nanoseconds();

    private Reading<IKernelEventSession> OpenKernelEvents(ProcessKey process, bool isCheap) =>
        EtwKernelSession.Open(_etw, _time, process.ProcessId, System.Environment.ProcessId, id => Life(id) is not null, _wine, isCheap);

    private Reading<ProcessCounters> Counters(ProcessKey process, in SystemProcess found)
    {
        (Reading<CoreSet> allowedCores, Reading<string> priority) = _reader.Scheduling(process, _host.Topology);
        return Reading.Of(ProcessCountersBuilder.Build(found, _wine, allowedCores, priority));
    }

    private ProcessKey? Life(int processId) =>
        // Process 0 is the idle time of the cores.
        processId > 0 && _processes.Find(processId) is { } found ? new ProcessKey(processId, found.CreateTime) : null;
}
