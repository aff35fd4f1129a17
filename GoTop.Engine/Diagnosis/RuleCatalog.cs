using System.Collections.Immutable;
using GoTop.Engine.Diagnosis.Rules;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis;

/// <summary>Every finding rule. A new one is a file in <c>Rules/</c> and a line here; among equals, order is precedence.</summary>
public static class RuleCatalog
{
    public static ImmutableArray<IFindingRule> All { get; } =
    [
        new TargetEndedRule(),
        new NothingReadRule(),
        new LoggedCrashRule(),
        new DeadlockRule(),
        new StuckLockRule(),
        new CpuThrottledRule(),
        new MemoryLimitRule(),
        new GoroutineLeakRule(),
        new LockConvoyRule(),
        new FailedRequestsRule(),
        new ErrorBurstRule(),
        new GcPressureRule(),
        new LongStopRule(),
        new SchedulingLatencyRule(),
        new TraceLatencyRule(),
        new SlowSyscallRule(),
        new RunQueueDelayRule(),
        new StuckSendersRule(),
        new GomaxprocsMismatchRule(),
        new HandleLimitRule(),
        new NonGoMemoryRule(),
    ];

    /// <summary>All findings, most severe first.</summary>
    public static ImmutableArray<Finding> Check(Snapshot now, HistoryView history) =>
    [
        .. All.Select(rule => rule.Check(now, history)).OfType<Finding>()
            .OrderByDescending(finding => finding.Severity),
    ];
}
