using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Tests.Analysis.Kernel;

/// <summary>Kernel events by hand, in microseconds, of a target that is process 100, and what is concluded from them.</summary>
internal sealed class KernelEventStream
{
    public const int Target = 100;

    public const KernelFacts Everything =
        KernelFacts.Switches | KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples | KernelFacts.AllSamples | KernelFacts.Interrupts | KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults;

    public KernelEventStream(KernelFacts told = Everything)
    {
        // Cores 0 and 1 are on node 0, 2 and 3 on node 1.
        Analysis = new KernelAnalysis(
            Target, Enumerable.Range(0, 4).Select(core => new LogicalCore(core, core, 0, core / 2, 0)),
            new KernelCoverage(KernelSystem.Linux, told, [new MissingFact(Everything, "needs root")]), 0);
    }

    public KernelAnalysis Analysis { get; }

    /// <summary>Threads 101 to 199 are the target's, 0 is idle, every other is of the process with its number.</summary>
    public static int ProcessOf(int thread) => thread is > Target and < 200 ? Target : thread;

    public KernelEventStream Switch(long at, int cpu, int from, int to, ThreadStop stop = ThreadStop.Waiting, int waitReason = 1) => Add(new KernelEvent
    {
        Kind = KernelEventKind.Switch,
        TimeNanoseconds = at * 1000,
        Cpu = cpu,
        Thread = to,
        Process = ProcessOf(to),
        OtherThread = from,
        OtherProcess = ProcessOf(from),
        Stop = stop,
        WaitReason = stop == ThreadStop.Waiting ? waitReason : KernelEvent.Unknown,
    });

    public KernelEventStream Ready(long at, int thread) => Add(new KernelEvent { Kind = KernelEventKind.Ready, TimeNanoseconds = at * 1000, Cpu = 0, Thread = thread, Process = ProcessOf(thread) });

    public KernelEventStream Lost(long at, long count) => Add(new KernelEvent { Kind = KernelEventKind.Lost, TimeNanoseconds = at * 1000, Cpu = 0, Value = count });

    public KernelEventStream Moves(KernelEventKind kind, long value, int thread = 101) =>
        Add(new KernelEvent { Kind = kind, TimeNanoseconds = 1000, Thread = thread, Process = ProcessOf(thread), Value = value, Cpu = 0 });

    public KernelEventStream Sample(long at, int cpu, int thread, ulong[] kernel, params ulong[] user)
    {
        Analysis.OnSample(new KernelEvent { Kind = KernelEventKind.Sample, TimeNanoseconds = at * 1000, Cpu = cpu, Thread = thread, Process = ProcessOf(thread) }, kernel, user);
        return this;
    }

    public KernelEventStream Add(in KernelEvent happened)
    {
        Analysis.OnEvent(happened);
        return this;
    }

    public KernelReport Take(long end) => Analysis.Take(end * 1000, process => $"p{process}", new NamesByAddress());

    /// <summary>Address 0x10 is function f1 of the kernel or g1 of the target, 0x20 f2 or g2, and so on.</summary>
    private sealed class NamesByAddress : IStackNames
    {
        public void AddFrames(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user, List<SampledFrame> frames)
        {
            foreach (ulong address in kernel) frames.Add(new SampledFrame(new CodeLocation($"f{address >> 4}", "", 0), FrameKind.Kernel));
            foreach (ulong address in user) frames.Add(new SampledFrame(new CodeLocation($"g{address >> 4}", "/g.go", (int)(address & 15)), FrameKind.Go));
        }
    }
}
