using System.Collections.Immutable;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Makes threads' counters of the system's list, without what Wine does not count.</summary>
internal static class ThreadTableBuilder
{
    private const int Waiting = 5;

    public static ThreadTable Build(ImmutableArray<SystemThread> threads, bool wine) => new()
    {
        Threads = [.. threads.OrderBy(thread => thread.ThreadId).Select(thread => Build(thread, wine))],
        Missing = new MissingThreadFacts
        {
            Name = "the system's list of threads has no names",
            RunQueueDelay = "Windows counts no run queue delay; kernel events tell it",
            SwitchKinds = "Windows does not tell voluntary context switches from others",
            LastCore = "the system's list of threads has no cores; kernel events tell them",
            AllowedCores = "not read by thread",
            WaitReason = wine ? "Wine does not tell what threads wait for" : null,
        },
    };

    private static ThreadCounters Build(in SystemThread thread, bool wine) => new()
    {
        Id = thread.ThreadId,
        OwnId = thread.ThreadId,
        // Wine leaves at 0 what it does not know.
        State = wine ? ThreadRunState.Unknown : StateOf(thread.State),
        WaitReason = !wine && thread.State == Waiting ? WaitReasonNames.OfWindows(thread.WaitReason) : null,
        OnCpuNanoseconds = thread.UserNanoseconds + thread.KernelNanoseconds,
        UserNanoseconds = thread.UserNanoseconds,
        SystemNanoseconds = thread.KernelNanoseconds,
        ContextSwitches = thread.ContextSwitches,
    };

    /// <summary>KTHREAD_STATE: standby is the next to run, transition and gate wait are waits of the kernel's own.</summary>
    private static ThreadRunState StateOf(int state) => state switch
    {
        1 or 3 or 7 => ThreadRunState.Ready,
        2 => ThreadRunState.Running,
        4 => ThreadRunState.Ended,
        Waiting or 9 => ThreadRunState.Sleeping,
        6 or 8 => ThreadRunState.Uninterruptible,
        _ => ThreadRunState.Unknown,
    };
}
