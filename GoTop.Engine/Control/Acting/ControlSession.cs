using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Acting;

/// <summary>
/// Carries out a plan: rules first, then a line in the audit log, then the steps, then what was read back and the result in the
/// audit log. Nothing is done that could not be written down before. Used once.
/// </summary>
public sealed class ControlSession(ControlPlan plan, ActionGate gate, AuditLog audit, TimeProvider time)
{
    private const int LongestTold = 500;

    private readonly Lock _lock = new();
    private ControlProgress _progress = new(plan, [.. plan.Steps.Select(step => new StepProgress(step.Title, StepState.Waiting))], ControlOutcome.Running);

    /// <summary>Raised when a step begins, tells something or ends, on the session's task: hand it on quickly.</summary>
    public event Action? Changed;

    public ControlProgress Progress
    {
        get
        {
            lock (_lock) return _progress;
        }
    }

    /// <summary>Never throws for what can go wrong with the target: that is the outcome.</summary>
    public async Task<ControlProgress> RunAsync(CancellationToken cancellation)
    {
        if (gate.Check(plan.Kind) is { } refusal) return await RefuseAsync(refusal, isDenied: true).ConfigureAwait(false);
        AuditEntry begun;
        try
        {
            begun = await audit.BeginAsync(plan, gate.Actor, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuditException unwritten)
        {
            return End(progress => progress with { Outcome = ControlOutcome.Refused, Reason = $"nothing was done, since it could not be written down: {unwritten.Message}", AuditProblem = unwritten.Message });
        }

        (ControlOutcome outcome, string? reason, bool denied) = await RunStepsAsync(cancellation).ConfigureAwait(false);
        string after = await ReadBackAsync().ConfigureAwait(false);
        string? auditProblem = null;
        try
        {
            await audit.EndAsync(begun, outcome, after, reason, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuditException unwritten)
        {
            auditProblem = unwritten.Message;
        }

        return End(progress => progress with { Outcome = outcome, Reason = reason, IsDenied = denied, After = after, AuditProblem = auditProblem });
    }

    private async Task<ControlProgress> RefuseAsync(string reason, bool isDenied)
    {
        string? problem = null;
        try
        {
            await audit.RefuseAsync(plan, gate.Actor, reason, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuditException unwritten)
        {
            problem = unwritten.Message;
        }

        return End(progress => progress with { Outcome = ControlOutcome.Refused, Reason = reason, IsDenied = isDenied, AuditProblem = problem });
    }

    private async Task<(ControlOutcome Outcome, string? Reason, bool IsDenied)> RunStepsAsync(CancellationToken cancellation)
    {
        (ControlOutcome outcome, string? reason, bool denied) = (ControlOutcome.Done, null, false);
        bool noReturn = false;
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            int index = i;
            if (outcome == ControlOutcome.Done && cancellation.IsCancellationRequested) (outcome, reason) = (ControlOutcome.Cancelled, $"cancelled before: {plan.Steps[i].Title}");
            if (outcome != ControlOutcome.Done && !(noReturn && plan.Steps[i].Mends))
            {
                Set(index, step => step with { State = StepState.Skipped });
                continue;
            }

            noReturn |= plan.Steps[i].NoReturn;
            if (noReturn) cancellation = CancellationToken.None;
            long begun = time.GetTimestamp();
            Set(index, step => step with { State = StepState.Running });
            StepState state = StepState.Done;
            try
            {
                await plan.Steps[i].Run(new StepWork(told => Set(index, step => step with { Told = PlainText.Clean(told, LongestTold) }), cancellation)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                state = StepState.Failed;
                (outcome, reason) = (ControlOutcome.Cancelled, $"cancelled during: {plan.Steps[i].Title}");
            }
            catch (Exception failure) when (failure is ControlException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                state = StepState.Failed;
                string told = PlainText.Clean(failure.Message, LongestTold);
                Set(index, step => step with { Told = told });
                if (!plan.Steps[i].MayFail && outcome == ControlOutcome.Done) (outcome, reason, denied) = (ControlOutcome.Failed, told, failure is ControlException { IsDenied: true } or UnauthorizedAccessException);
            }

            double seconds = time.GetElapsedTime(begun).TotalSeconds;
            Set(index, step => step with { State = state, Seconds = seconds });
        }

        return (outcome, reason, denied);
    }

    private async Task<string> ReadBackAsync()
    {
        try
        {
            return PlainText.Clean(await plan.ReadBack(CancellationToken.None).ConfigureAwait(false), LongestTold);
        }
        catch (Exception failure) when (failure is ControlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return $"not known: {PlainText.Clean(failure.Message, LongestTold)}";
        }
    }

    private void Set(int index, Func<StepProgress, StepProgress> change)
    {
        lock (_lock) _progress = _progress with { Steps = _progress.Steps.SetItem(index, change(_progress.Steps[index])) };
        Changed?.Invoke();
    }

    private ControlProgress End(Func<ControlProgress, ControlProgress> change)
    {
        lock (_lock) _progress = change(_progress);
        Changed?.Invoke();
        return Progress;
    }
}
