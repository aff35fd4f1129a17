using System.Collections.Immutable;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>What an interval has summed up to.</summary>
internal readonly record struct IntervalFigures(
    long Start, long End, long Events, long Lost, IReadOnlyCollection<TrackedThread> Threads, IReadOnlyCollection<TrackedCore> Cores, LongestRunQueueWaits Longest,
    StackTally Stacks, TransferSums Transfers);

/// <summary>Makes an interval's report, of bounded size.</summary>
internal sealed class KernelReportBuilder(int target, KernelCoverage coverage, Func<int, string?> processName)
{
    private const int MaxThreads = 256;
    private const int MaxProcesses = 64;
    private const int ContendersOfAll = 20;
    private const int ContendersOfOne = 3;
    private const int ProcessesOfCore = 8;
    private const int FunctionsOfCore = 3;

    private readonly Dictionary<int, string?> _names = [];

    public KernelReport Build(in IntervalFigures interval, IStackNames names)
    {
        long end = interval.End;
        ThreadSums sums = new();
        foreach (TrackedThread thread in interval.Threads)
        {
            thread.AddTo(sums);
            thread.AddDelaysTo(sums.Delays);
            sums.RanInstead.Add(thread.RanInstead);
        }

        List<TrackedThread> active = [.. interval.Threads.Where(thread => thread.WasActive)];
        ThreadActivity all = sums.Report(coverage.System, NameOf, ContendersOfAll);
        TransferSums moved = interval.Transfers;
        return new KernelReport
        {
            StartNanoseconds = interval.Start,
            DurationNanoseconds = end - interval.Start,
            Coverage = coverage,
            Events = interval.Events,
            LostEvents = interval.Lost,
            Target = all,
            RunQueueDelay = Told(KernelFacts.Ready | KernelFacts.Switches, all.RunQueueDelay),
            RunQueueDelayHistogram = all.RunQueueDelayHistogram,
            LongestWaits = interval.Longest.Report(NameOf, ContendersOfOne),
            RanInstead = Told(KernelFacts.AllSwitches | KernelFacts.Ready, all.RanInstead),
            Threads =
            [
                .. active.OrderByDescending(thread => thread.Demand).ThenByDescending(thread => thread.Samples).ThenBy(thread => thread.Thread).Take(MaxThreads)
                    .Select(thread => thread.Report(end, coverage.System, NameOf, ContendersOfOne)),
            ],
            OmittedThreads = Math.Max(0, active.Count - MaxThreads),
            Cores = [.. interval.Cores.Where(core => core.WasSeen).Select(core => Core(core, names))],
            Processes = Processes(interval.Cores),
            Samples = coverage.Tells(KernelFacts.Samples)
                ? Reading.Of(SampleSums.Sum(interval.Stacks, names))
                : Reading.NotSupported<CpuSamples>(coverage.WhyNot(KernelFacts.Samples)),
            DiskReadBytes = Told(KernelFacts.Disk, moved.DiskRead),
            DiskWrittenBytes = Told(KernelFacts.Disk, moved.DiskWritten),
            NetworkReceivedBytes = Told(KernelFacts.Network, moved.NetworkReceived),
            NetworkSentBytes = Told(KernelFacts.Network, moved.NetworkSent),
            HardFaults = Told(KernelFacts.HardFaults, moved.HardFaults),
        };
    }

    private Reading<T> Told<T>(KernelFacts facts, T value)
    {
        if (coverage.Tells(facts)) return Reading.Of(value);
        return Reading.NotSupported<T>(coverage.WhyNot(facts & ~coverage.Told));
    }

    private CoreActivity Core(TrackedCore core, IStackNames names)
    {
        long busy = 0;
        foreach ((int process, (long nanoseconds, _)) in core.ByProcess)
        {
            if (process != 0) busy += Math.Max(0, nanoseconds);
        }

        return new CoreActivity(
            core.Cpu, core.Node, busy,
            TargetNanoseconds: Math.Max(0, core.ByProcess.GetValueOrDefault(target).Nanoseconds),
            IdleNanoseconds: Math.Max(0, core.ByProcess.GetValueOrDefault(0).Nanoseconds),
            coverage.Tells(KernelFacts.Interrupts) ? core.InterruptNanoseconds : null,
            Math.Max(0, core.UnknownNanoseconds), core.Switches, core.Samples, core.ByProcess.GetValueOrDefault(target).Samples,
            Top(core.ByProcess, ProcessesOfCore))
        {
            Functions = Functions(core, names),
        };
    }

    private static ImmutableArray<CoreFunction> Functions(TrackedCore core, IStackNames names)
    {
        Dictionary<(string Function, FrameKind Kind), long> functions = [];
        List<SampledFrame> frames = [];
        foreach (((ulong address, bool inKernel), long samples) in core.Places)
        {
            frames.Clear();
            ReadOnlySpan<ulong> place = [address];
            names.AddFrames(inKernel ? place : [], inKernel ? [] : place, frames);
            if (frames.Count == 0) continue;
            (string, FrameKind) function = (frames[0].Location.Function, frames[0].Kind);
            functions[function] = functions.GetValueOrDefault(function) + samples;
        }

        return
        [
            .. functions.OrderByDescending(one => one.Value).ThenBy(one => one.Key.Function, StringComparer.Ordinal).Take(FunctionsOfCore)
                .Select(one => new CoreFunction(one.Key.Function, one.Key.Kind, one.Value)),
        ];
    }

    private Reading<ImmutableArray<ProcessActivity>> Processes(IEnumerable<TrackedCore> cores)
    {
        if (!coverage.Tells(KernelFacts.AllSwitches) && !coverage.Tells(KernelFacts.AllSamples))
            return Reading.NotSupported<ImmutableArray<ProcessActivity>>(coverage.WhyNot(KernelFacts.AllSwitches));
        Dictionary<int, (long Nanoseconds, long Samples)> all = [];
        foreach (TrackedCore core in cores)
        {
            foreach ((int process, (long nanoseconds, long samples)) in core.ByProcess)
            {
                (long Nanoseconds, long Samples) known = all.GetValueOrDefault(process);
                all[process] = (known.Nanoseconds + nanoseconds, known.Samples + samples);
            }
        }

        return Reading.Of(Top(all, MaxProcesses));
    }

    /// <summary>Idle time is nobody's.</summary>
    private ImmutableArray<ProcessActivity> Top(IReadOnlyDictionary<int, (long Nanoseconds, long Samples)> processes, int count) =>
    [
        .. processes.Where(one => one.Key != 0).OrderByDescending(one => one.Value.Nanoseconds).ThenByDescending(one => one.Value.Samples).ThenBy(one => one.Key).Take(count)
            .Select(one => new ProcessActivity(one.Key, NameOf(one.Key), Math.Max(0, one.Value.Nanoseconds), one.Value.Samples)),
    ];

    private string? NameOf(int process)
    {
        if (process <= 0) return null;
        if (!_names.TryGetValue(process, out string? name)) _names[process] = name = processName(process);
        return name;
    }
}
