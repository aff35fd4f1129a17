using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;
using ThreadState = System.Diagnostics.ThreadState;

namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>
/// Says the events of ETW's kernel providers in the words of <see cref="KernelEvent"/>: the same for a session and for a log.
/// Samples come later than their time says, see <see cref="PendingSamples"/>. Not for use by two threads at once.
/// </summary>
internal sealed class KernelEventMapping
{
    /// <summary>A thread that is on its way to a processor, beside System.Diagnostics' own: KTHREAD_STATE of ntddk.h.</summary>
    private const ThreadState DeferredReady = (ThreadState)7;

    private const int MaxFrames = 512;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly IKernelEventSink _sink;
    private readonly TraceTimes _times;
    private readonly PendingSamples _samples;
    private readonly ulong[] _frames = new ulong[MaxFrames];

    /// <param name="source">Not processed yet.</param>
    /// <param name="ticksPerSecond">Of the source's clock.</param>
    /// <param name="owners">What is known of the threads beforehand; null for nothing.</param>
    public KernelEventMapping(TraceEventDispatcher source, long ticksPerSecond, IKernelEventSink sink, ThreadOwners? owners = null)
    {
        _sink = sink;
        Owners = owners ?? new ThreadOwners();
        _times = new TraceTimes(ticksPerSecond);
        _samples = new PendingSamples(sink);
        Kernel = new KernelTraceEventParser(source, KernelTraceEventParser.ParserTrackingOptions.None);
        Kernel.ThreadStartGroup += ThreadStarted;
        Kernel.ThreadStop += ThreadEnded;
        Kernel.ThreadCSwitch += Switched;
        Kernel.DispatcherReadyThread += Readied;
        Kernel.PerfInfoSample += Sampled;
        Kernel.StackWalkStack += StackWalked;
        Kernel.PerfInfoDPC += data => Interrupted(data, data.ElapsedTimeMSec);
        Kernel.PerfInfoThreadedDPC += data => Interrupted(data, data.ElapsedTimeMSec);
        Kernel.PerfInfoTimerDPC += data => Interrupted(data, data.ElapsedTimeMSec);
        Kernel.PerfInfoISR += data => Interrupted(data, data.ElapsedTimeMSec);
        Kernel.DiskIORead += data => Transferred(KernelEventKind.DiskRead, data, data.TransferSize);
        Kernel.DiskIOWrite += data => Transferred(KernelEventKind.DiskWrite, data, data.TransferSize);
        Kernel.TcpIpSend += data => Transferred(KernelEventKind.NetworkSend, data, data.size);
        Kernel.TcpIpSendIPV6 += data => Transferred(KernelEventKind.NetworkSend, data, data.size);
        Kernel.TcpIpRecv += data => Transferred(KernelEventKind.NetworkReceive, data, data.size);
        Kernel.TcpIpRecvIPV6 += data => Transferred(KernelEventKind.NetworkReceive, data, data.size);
        Kernel.UdpIpSend += data => Transferred(KernelEventKind.NetworkSend, data, data.size);
        Kernel.UdpIpSendIPV6 += data => Transferred(KernelEventKind.NetworkSend, data, data.size);
        Kernel.UdpIpRecv += data => Transferred(KernelEventKind.NetworkReceive, data, data.size);
        Kernel.UdpIpRecvIPV6 += data => Transferred(KernelEventKind.NetworkReceive, data, data.size);
        Kernel.MemoryHardFault += data => Transferred(KernelEventKind.HardFault, data, data.ByteCount);
        Kernel.LostEvent += data => _sink.OnEvent(Event(KernelEventKind.Lost, data, KernelEvent.Unknown) with { Value = 1 });
    }

    /// <summary>For others that look at the same source; a source has one.</summary>
    public KernelTraceEventParser Kernel { get; }

    public ThreadOwners Owners { get; }

    /// <summary>Hands on the samples that still wait for a part of their stack: all, or those from before.</summary>
    public void Flush(long untilNanoseconds = long.MaxValue) => _samples.HandOnUntil(untilNanoseconds);

    private void ThreadStarted(ThreadTraceData data)
    {
        Owners.Start(data.ThreadID, data.ProcessID);
        _sink.OnEvent(Event(KernelEventKind.ThreadStart, data, data.ThreadID));
    }

    private void ThreadEnded(ThreadTraceData data)
    {
        _sink.OnEvent(Event(KernelEventKind.ThreadEnd, data, data.ThreadID));
        Owners.End(data.ThreadID);
    }

    private void Switched(CSwitchTraceData data) => _sink.OnEvent(Event(KernelEventKind.Switch, data, data.NewThreadID, toldProcess: KernelEvent.Unknown) with
    {
        OtherThread = data.OldThreadID,
        OtherProcess = Owners.Of(data.OldThreadID),
        WaitReason = (int)data.OldThreadWaitReason,
        Stop = data.OldThreadState switch
        {
            ThreadState.Ready or ThreadState.Standby or ThreadState.Running or DeferredReady => ThreadStop.Preempted,
            ThreadState.Terminated => ThreadStop.Ended,
            ThreadState.Wait or ThreadState.Transition => ThreadStop.Waiting,
            _ => ThreadStop.Unknown,
        },
    });

    private void Readied(DispatcherReadyThreadTraceData data) => _sink.OnEvent(Event(KernelEventKind.Ready, data, data.AwakenedThreadID, KernelEvent.Unknown) with
    {
        OtherThread = data.ThreadID,
        OtherProcess = Owners.Of(data.ThreadID, data.ProcessID),
    });

    private void Sampled(SampledProfileTraceData data) =>
        _samples.Add(Event(KernelEventKind.Sample, data, data.ThreadID), TimeStamp(data), data.InstructionPointer, data.PointerSize == 8);

    private void StackWalked(StackWalkStackTraceData data)
    {
        int count = Math.Clamp(data.FrameCount, 0, MaxFrames);
        for (int frame = 0; frame < count; frame++) _frames[frame] = data.InstructionPointer(frame);
        _samples.AddStack(data.EventTimeStampQPC, data.ThreadID, _frames.AsSpan(0, count));
    }

    private void Interrupted(TraceEvent data, double milliseconds)
    {
        double nanoseconds = Math.Round(milliseconds * NanosecondsPerMillisecond);
        _sink.OnEvent(Event(KernelEventKind.Interrupt, data, KernelEvent.Unknown, KernelEvent.Unknown) with { Value = nanoseconds is > 0 and < long.MaxValue ? (long)nanoseconds : 0 });
    }

    private void Transferred(KernelEventKind kind, TraceEvent data, long bytes) => _sink.OnEvent(Event(kind, data, data.ThreadID) with { Value = Math.Max(0, bytes) });

    private KernelEvent Event(KernelEventKind kind, TraceEvent data, int thread) => Event(kind, data, thread, data.ProcessID);

    private KernelEvent Event(KernelEventKind kind, TraceEvent data, int thread, int toldProcess) => new()
    {
        Kind = kind,
        TimeNanoseconds = _times.Nanoseconds(TimeStamp(data)),
        Cpu = data.ProcessorNumber,
        Thread = thread,
        Process = Owners.Of(thread, toldProcess),
        OtherThread = KernelEvent.Unknown,
        OtherProcess = KernelEvent.Unknown,
        WaitReason = KernelEvent.Unknown,
    };

    // "Discouraged", as most programs do better with times since the session's start; we join by them.
#pragma warning disable CS0618
    private static long TimeStamp(TraceEvent data) => data.TimeStampQPC;
#pragma warning restore CS0618
}
