using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Affinity;

/// <summary>Plans for the cores and the priority of a target.</summary>
public static class AffinityPlans
{
    /// <param name="gomaxprocs">As last read; null where it is not known.</param>
    /// <param name="keeping">What keeps them for its next lives; null for nothing.</param>
    /// <exception cref="ControlException">This machine has no such cores, or the target cannot be read.</exception>
    public static ControlPlan Pin(TargetContext target, CorePlan wanted, int? gomaxprocs, Func<CoreSet, CoreKeeping>? keeping = null)
    {
        (ProcessKey process, IProcessScheduling scheduling) = Local(target);
        HostCounters host = ThreadPinner.ValueOf(target.Platform.ReadHost());
        CoreSet cores = wanted.Resolve(host);
        ImmutableArray<ThreadScheduling> before = ThreadPinner.ValueOf(scheduling.ReadThreads(process));
        (_, string words) = GoFollows.Of(target.Target.Build, target.Platform.Environment(process), gomaxprocs, cores.Count);
        string what = $"{Named(target, process)} to {wanted.Title}{(wanted.Title.EndsWith(cores.ToString(), StringComparison.Ordinal) ? "" : $" ({cores})")}";
        ControlPlan plan = Pin(
            target, process, scheduling, before, $"pin {what}",
            Number(before.Length, "thread") + $" of process {Text(process.ProcessId)}: may run on {cores} only, and those it makes meanwhile", cores, _ => cores, words);
        CoreSet main = MainCores(before, process);
        ImmutableDictionary<int, CoreSet> each = before.ToImmutableDictionary(thread => thread.ThreadId, thread => thread.Cores);
        // Threads made since have what the others had.
        ControlPlan undo = Pin(
            target, process, scheduling, before, $"undo: pin {Named(target, process)} to {Sets(before)} as before",
            $"all threads of process {Text(process.ProcessId)}: may run again where they could before", main, thread => each.GetValueOrDefault(thread.ThreadId, main), null);
        if (keeping?.Invoke(cores) is not { } keep) return plan with { Warnings = [words, "it holds until the process ends"], Undo = undo };
        return plan with
        {
            Before = $"{plan.Before}; {keep.Before}",
            Steps = plan.Steps.Add(keep.Step),
            Warnings = [words],
            Undo = undo with { Steps = undo.Steps.Add(keep.Undo) },
        };
    }

    /// <summary>Ends the keeping alone: the process goes on as it is.</summary>
    public static ControlPlan Forget(string target, CoreKeeping keep) => new()
    {
        Kind = ControlCatalog.Pin,
        Target = target,
        Summary = $"keep no cores for {target} any more",
        Before = keep.Before,
        Steps = [keep.Step],
        Warnings = ["it runs on where it runs now; --all gives it all cores again"],
        ReadBack = _ => Task.FromResult("no cores are kept for its next lives"),
        Undo = new ControlPlan
        {
            Kind = ControlCatalog.Pin,
            Target = target,
            Summary = $"undo: keep cores for {target} as before",
            Before = "no cores are kept for its next lives",
            Steps = [keep.Undo],
            ReadBack = _ => Task.FromResult(keep.Before),
        },
    };

    /// <exception cref="ControlException">The target cannot be read.</exception>
    public static ControlPlan Priority(TargetContext target, ProcessPriority wanted)
    {
        (ProcessKey process, IProcessScheduling scheduling) = Local(target);
        ProcessPriority before = ThreadPinner.ValueOf(scheduling.ReadPriority(process));
        ControlPlan plan = Priority(target, process, scheduling, before, wanted, "set priority of");
        ProcessPriority back = new() { Nice = wanted.Nice is null ? null : before.Nice, Io = wanted.Io is null ? null : before.Io, Class = wanted.Class is null ? null : before.Class, EcoQos = wanted.EcoQos is null ? null : before.EcoQos };
        return plan with { Undo = Priority(target, process, scheduling, before, back, "undo: set priority of"), Warnings = ["it holds until the process ends"] };
    }

    /// <summary>Sets of cores with how many threads have them, the most common first: <c>0-3 (9 threads)</c>.</summary>
    public static string Sets(ImmutableArray<ThreadScheduling> threads) =>
        string.Join(", ", threads.GroupBy(thread => thread.Cores).OrderByDescending(set => set.Count()).Select(set => $"{set.Key} ({Number(set.Count(), "thread")})"));

    private static ControlPlan Pin(
        TargetContext target, ProcessKey process, IProcessScheduling scheduling, ImmutableArray<ThreadScheduling> before,
        string summary, string title, CoreSet whole, Func<ThreadScheduling, CoreSet> coresOf, string? follows) => new()
        {
            Kind = ControlCatalog.Pin,
            Target = target.Target.Name,
            Summary = summary,
            Before = Sets(before),
            Steps =
            [
                new ControlStep(title, async work =>
                {
                    ImmutableArray<ThreadScheduling> after = await Task.Run(() => new ThreadPinner(scheduling, process).Pin(whole, coresOf, work.Cancellation), work.Cancellation).ConfigureAwait(false);
                    work.Tell(follows is null ? $"read back: {Sets(after)}" : $"read back: {Sets(after)}; {follows}");
                }),
            ],
            ReadBack = _ => Task.FromResult(Sets(ThreadPinner.ValueOf(scheduling.ReadThreads(process)))),
        };

    private static ControlPlan Priority(TargetContext target, ProcessKey process, IProcessScheduling scheduling, ProcessPriority before, ProcessPriority wanted, string verb) => new()
    {
        Kind = ControlCatalog.Priority,
        Target = target.Target.Name,
        Summary = $"{verb} {Named(target, process)}: {wanted}",
        Before = before.ToString(),
        Steps =
        [
            new ControlStep($"process {Text(process.ProcessId)}: {before} becomes {wanted}", work => Task.Run(() => SetPriority(scheduling, process, wanted, work), work.Cancellation)),
        ],
        ReadBack = _ => Task.FromResult(ThreadPinner.ValueOf(scheduling.ReadPriority(process)).ToString()),
    };

    private static void SetPriority(IProcessScheduling scheduling, ProcessKey process, ProcessPriority wanted, StepWork work)
    {
        const int MostPasses = 20;
        for (int pass = 0; ; pass++)
        {
            work.Cancellation.ThrowIfCancellationRequested();
            ThreadPinner.ValueOf(scheduling.SetPriority(process, wanted));
            // A thread that is made meanwhile has what the one that made it had.
            int others = wanted.Nice is { } nice ? ThreadPinner.ValueOf(scheduling.ReadThreads(process)).Count(thread => thread.Nice is { } own && own != nice) : 0;
            if (others == 0) break;
            if (pass == MostPasses) throw new ControlException($"{Number(others, "thread")} still read another nice value after {MostPasses} passes");
        }

        ProcessPriority after = ThreadPinner.ValueOf(scheduling.ReadPriority(process));
        work.Tell($"read back: {after}");
        // A system that reads back nothing (EcoQoS before Windows 11) is told apart from one that reads another value.
        if ((wanted.Nice is not null && after.Nice != wanted.Nice) || (wanted.Io is not null && after.Io is { } io && io != wanted.Io) || (wanted.Class is not null && after.Class != wanted.Class) || (wanted.EcoQos is not null && after.EcoQos is { } eco && eco != wanted.EcoQos))
            throw new ControlException($"it was set and reads differently: {after}");
        if ((wanted.Io is not null && after.Io is null) || (wanted.EcoQos is not null && after.EcoQos is null)) work.Tell($"read back: {after}; the system does not tell the rest");
    }

    private static (ProcessKey Process, IProcessScheduling Scheduling) Local(TargetContext target)
    {
        if (target.Target.Process is not { } process) throw new ControlException("the target is known by its address only: act on its own machine");
        return (process, target.Platform.Scheduling ?? throw new ControlException($"GoTop cannot change how processes are scheduled on {target.Platform.Name}"));
    }

    private static CoreSet MainCores(ImmutableArray<ThreadScheduling> threads, ProcessKey process) =>
        threads.FirstOrDefault(thread => thread.ThreadId == process.ProcessId)?.Cores ?? threads.GroupBy(thread => thread.Cores).MaxBy(set => set.Count())!.Key;

    private static string Named(TargetContext target, ProcessKey process) => $"{target.Target.Name} (process {Text(process.ProcessId)})";

    private static string Number(int count, string what) => Counted.Of(count, what);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
