using System.Globalization;
using GoTop.Engine.Model;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// ETW's kernel events while they happen: the scheduler's, or the few of disks, network and hard faults. Where the scheduler's
/// keep being lost, it goes on with the few.
/// </summary>
internal sealed class EtwKernelSession : IKernelEventSession
{
    private const int LossesInARow = 3;
    private const int MaxProcessNames = 20_000;
    private const int MaxNameChars = 100;

    private const KernelFacts Transfers = KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults;
    private const string OnlyWhileShown = "collected while a pane shows it";
    private const KernelFacts OfSamples = KernelFacts.Samples | KernelFacts.AllSamples;
    private const KernelFacts OfScheduler = KernelFacts.Switches | KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples | KernelFacts.AllSamples | KernelFacts.Interrupts;

    private readonly IEtwSystem _system;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly KernelEventQueue _queue = new();
    private readonly Dictionary<int, string> _processNames = [];
    private readonly Lock _namesLock = new();
    private IEtwSession _session;
    private Thread _thread;
    private long _lostBefore;
    private int _losses;

    private EtwKernelSession(IEtwSystem system, TimeProvider time, int target, int ownProcess, EtwRequest request, KernelCoverage coverage)
    {
        _system = system;
        _time = time;
        // When the target changes, the old session may still be on its way out.
        string purpose = coverage.Tells(KernelFacts.Switches) ? "Kernel" : "Cheap";
        _name = SessionNames.Of(string.Create(CultureInfo.InvariantCulture, $"{purpose}-{target}"), ownProcess);
        Coverage = coverage;
        BegunAtNanoseconds = Now();
        (_session, _thread) = Start(request);
    }

    public KernelCoverage Coverage { get; private set; }

    public string CostToTarget => Coverage.Tells(KernelFacts.Switches)
        ? "a few microseconds for each context switch of the machine, and 1,000 samples a second on each busy processor"
        : "a few microseconds for each transfer of a disk or the network";

    public long BegunAtNanoseconds { get; }

    public TimeSpan DrainEvery => TimeSpan.FromMilliseconds(250);

    /// <param name="target">Whose events are wanted; the kernel's have no filter by process, so those of all come.</param>
    /// <param name="isAlive">Whether there is a process of that number.</param>
    /// <param name="isWine">Wine has the functions of ETW, but they do nothing.</param>
    /// <param name="isCheap">Disks, network and hard faults alone.</param>
    public static Reading<IKernelEventSession> Open(IEtwSystem system, TimeProvider time, int target, int ownProcess, Func<int, bool> isAlive, bool isWine, bool isCheap = false)
    {
        if (isWine) return Reading.NotSupported<IKernelEventSession>("Wine does not trace events (ETW)");
        try
        {
            if (EtwRights.MissingForKernel(system) is { } missing) return Reading.Denied<IKernelEventSession>(missing);
            SessionNames.Sweep(system, isAlive);
            (EtwRequest request, KernelCoverage coverage) = isCheap ? Few(OnlyWhileShown) : Scheduler(EtwRights.MissingForSamples(system));
            return Reading.Of<IKernelEventSession>(new EtwKernelSession(system, time, target, ownProcess, request, coverage));
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<IKernelEventSession>(refused);
        }
    }

    public long Drain(IKernelEventSink sink)
    {
        _session.Flush();
        long lost = _session.EventsLost;
        if (lost > _lostBefore) _queue.AddLost(lost - _lostBefore);
        _lostBefore = lost;
        _losses = _queue.HandOn(sink) > 0 ? _losses + 1 : 0;
        if (_losses >= LossesInARow && Coverage.Tells(KernelFacts.Switches)) GoOnWithFewer();
        long last = Math.Max(BegunAtNanoseconds, _queue.LastNanoseconds);
        // Of few events there may be none for minutes, and that is something to tell as well; sums mind no event that comes late.
        return Coverage.Tells(KernelFacts.Switches) ? last : Math.Max(last, Now());
    }

    public string? ProcessName(int processId)
    {
        lock (_namesLock) return _processNames.GetValueOrDefault(processId);
    }

    /// <summary>Windows' own symbols are not on the machine.</summary>
    public string? KernelFunction(ulong address) => null;

    public void Dispose() => End();

    private static (EtwRequest, KernelCoverage) Few(string whyNotMore) =>
        (EtwRequest.Cheap, new KernelCoverage(KernelSystem.Windows, Transfers, [new MissingFact(OfScheduler, whyNotMore)]));

    /// <param name="whyNoSamples">Which right is missing for them; null for none.</param>
    private static (EtwRequest, KernelCoverage) Scheduler(string? whyNoSamples) => whyNoSamples is null
        ? (EtwRequest.Scheduler, new KernelCoverage(KernelSystem.Windows, Transfers | OfScheduler, []))
        : (EtwRequest.SchedulerWithoutSamples, new KernelCoverage(KernelSystem.Windows, (Transfers | OfScheduler) & ~OfSamples, [new MissingFact(OfSamples, whyNoSamples)]));

    private void GoOnWithFewer()
    {
        (EtwRequest request, Coverage) = Few("more events than could be taken: they kept being lost");
        _losses = 0;
        End();
        (_session, _thread) = Start(request);
    }

    private (IEtwSession Session, Thread Thread) Start(EtwRequest request)
    {
        IEtwSession session = _system.Start(_name, request);
        _lostBefore = 0;
        KernelEventMapping mapping = new(session.Source, _time.TimestampFrequency, new WithoutLost(_queue));
        mapping.Kernel.ProcessStartGroup += Named;
        Thread thread = new(() => Run(session, mapping)) { IsBackground = true, Name = _name };
        thread.Start();
        return (session, thread);
    }

    private static void Run(IEtwSession session, KernelEventMapping mapping)
    {
        try
        {
            session.Process();
        }
        catch (Exception ended) when (EtwRefusal.IsRefusal(ended))
        {
            // Somebody else has ended the session; nothing comes any more, and the next reading of it says so.
        }

        mapping.Flush();
    }

    private void End()
    {
        // Ends the processing, and with it the thread.
        _session.Dispose();
        _thread.Join();
    }

    private void Named(ProcessTraceData data)
    {
        string name = data.KernelImageFileName;
        name = PlainText.Clean(name.AsSpan(name.LastIndexOf('\\') + 1), MaxNameChars);
        lock (_namesLock)
        {
            if (_processNames.Count < MaxProcessNames || _processNames.ContainsKey(data.ProcessID)) _processNames[data.ProcessID] = name;
        }
    }

    private long Now() => new TraceTimes(_time.TimestampFrequency).Nanoseconds(_time.GetTimestamp());

    /// <summary>The session's own count of lost events says more than the events that tell of it.</summary>
    private sealed class WithoutLost(IKernelEventSink next) : IKernelEventSink
    {
        public void OnEvent(in KernelEvent happened)
        {
            if (happened.Kind != KernelEventKind.Lost) next.OnEvent(happened);
        }

        public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack) => next.OnSample(sample, kernelStack, userStack);
    }
}
