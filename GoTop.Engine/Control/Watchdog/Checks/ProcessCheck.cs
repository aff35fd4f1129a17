namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>Its process is there.</summary>
internal sealed class ProcessCheck : IHealthCheck
{
    public const string Name = "process";

    public Task<CheckResult> LookAsync(CheckSubject subject, CancellationToken cancellation)
    {
        if (subject.Target.Target.Process is not { } process) return Task.FromResult(CheckResult.Unknown(Name, "it is known by its address only"));
        bool isThere = subject.Ended is null && subject.Target.Platform.IsAlive(process);
        return Task.FromResult(CheckResult.Of(Name, isThere, isThere ? FormattableString.Invariant($"{process.ProcessId} runs") : subject.Ended ?? FormattableString.Invariant($"{process.ProcessId} has ended")));
    }
}
