using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>The words that stand for enumerations in JSON: Go's own for goroutine and P states, camelCase for ours.</summary>
internal static class JsonNames
{
    public static string Of(GoroutineState state) => state switch
    {
        GoroutineState.Idle => "idle",
        GoroutineState.Runnable => "runnable",
        GoroutineState.Running => "running",
        GoroutineState.Syscall => "syscall",
        GoroutineState.Waiting => "waiting",
        GoroutineState.Dead => "dead",
        GoroutineState.CopyStack => "copystack",
        GoroutineState.Preempted => "preempted",
        GoroutineState.Leaked => "leaked",
        _ => "unknown",
    };

    public static string Of(ProcStatus status) => status switch
    {
        ProcStatus.Idle => "idle",
        ProcStatus.Running => "running",
        ProcStatus.Syscall => "syscall",
        ProcStatus.GcStop => "gcstop",
        _ => "dead",
    };

    public static string Of(WaitObjectKind kind) => kind switch
    {
        WaitObjectKind.Channel => "channel",
        WaitObjectKind.Mutex => "mutex",
        WaitObjectKind.RWMutex => "rwMutex",
        WaitObjectKind.WaitGroup => "waitGroup",
        WaitObjectKind.Cond => "cond",
        _ => "semaphore",
    };

    public static string Of(ReadingState state) => state switch
    {
        ReadingState.NotYet => "not yet",
        ReadingState.NotSupported => "not supported",
        ReadingState.Denied => "denied",
        ReadingState.Failed => "failed",
        ReadingState.Stale => "stale",
        _ => "present",
    };

    public static string Of(FleetState state) => state switch
    {
        FleetState.NotYet => "notYet",
        FleetState.Up => "up",
        FleetState.Unread => "unread",
        _ => "down",
    };

    public static string Of(TroubleKind kind) => kind switch
    {
        TroubleKind.Down => "down",
        TroubleKind.Unread => "unread",
        TroubleKind.Alert => "alert",
        TroubleKind.Limit => "limit",
        TroubleKind.Odd => "odd",
        _ => "restarted",
    };

    public static string Of(SourceState state) => state switch
    {
        SourceState.NotYet => "notYet",
        SourceState.Ok => "ok",
        SourceState.Stale => "stale",
        SourceState.NotSupported => "notSupported",
        SourceState.Denied => "denied",
        _ => "failed",
    };

    public static string Of(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.Warning => "warning",
        _ => "notice",
    };

    public static string Of(CaptureState state) => state switch
    {
        CaptureState.Waiting => "waiting",
        CaptureState.Running => "running",
        CaptureState.Done => "done",
        CaptureState.Partial => "partial",
        CaptureState.NotHad => "notHad",
        CaptureState.Cancelled => "cancelled",
        _ => "failed",
    };

    public static string Of(ControlOutcome outcome) => outcome switch
    {
        ControlOutcome.Running => "running",
        ControlOutcome.Done => "done",
        ControlOutcome.Refused => "refused",
        ControlOutcome.Cancelled => "cancelled",
        _ => "failed",
    };

    public static string Of(StepState state) => state switch
    {
        StepState.Waiting => "waiting",
        StepState.Running => "running",
        StepState.Done => "done",
        StepState.Skipped => "skipped",
        _ => "failed",
    };

    public static string Of(ServiceState state) => state switch
    {
        ServiceState.Stopped => "stopped",
        ServiceState.Starting => "starting",
        ServiceState.Running => "running",
        ServiceState.Pausing => "pausing",
        ServiceState.Paused => "paused",
        ServiceState.Continuing => "continuing",
        ServiceState.Stopping => "stopping",
        ServiceState.Failed => "failed",
        _ => "unknown",
    };

    public static SourcePart Part(SourceStatus status) => new(status.Name, Of(status.State), status.Reason, status.CostMilliseconds);
}
