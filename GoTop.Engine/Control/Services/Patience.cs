using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Control.Services;

/// <summary>Waits for a service to become what it is to be.</summary>
internal sealed class Patience(TimeProvider time)
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>So long it must stay what it became: one that ends at once has not started.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Asks until the answer is wanted. Null when the deadline has passed.</summary>
    public async Task<ServiceStatus?> UntilAsync(
        Func<CancellationToken, Task<ServiceStatus>> read, Predicate<ServiceStatus> isWanted, TimeSpan deadline, Action<ServiceStatus> tell, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            ServiceStatus now = await read(cancellation).ConfigureAwait(false);
            if (isWanted(now)) return now;
            tell(now);
            if (time.GetElapsedTime(begun) >= deadline) return null;
            await Task.Delay(Step, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>It runs, and goes on running.</summary>
    /// <param name="isNew">Tells the new life from the one before.</param>
    /// <exception cref="ControlException">It does not: with the service's own error and its last log lines.</exception>
    public async Task UntilRunningAsync(
        Func<CancellationToken, Task<ServiceStatus>> read, Func<int, CancellationToken, Task<ImmutableArray<string>>> log, Predicate<ServiceStatus> isNew, TimeSpan deadline, StepWork work)
    {
        ServiceStatus? last = null;
        ServiceStatus? running = await UntilAsync(read, now => (now.State is ServiceState.Running or ServiceState.Failed && isNew(now)), deadline, now => work.Tell((last = now).ToString()), work.Cancellation).ConfigureAwait(false);
        if (running is null) throw await NotBackAsync(log, $"it does not run after {deadline.TotalSeconds:0} s: {last}").ConfigureAwait(false);
        if (running.State == ServiceState.Failed) throw await NotBackAsync(log, $"it failed: {running}").ConfigureAwait(false);
        ServiceStatus? left = await UntilAsync(read, now => now.State is not ServiceState.Running || now.ProcessId != running.ProcessId, Settling, _ => { }, work.Cancellation).ConfigureAwait(false);
        if (left is not null) throw await NotBackAsync(log, $"it started and did not stay: {left}").ConfigureAwait(false);
        work.Tell(running.ToString());
    }

    private static async Task<ControlException> NotBackAsync(Func<int, CancellationToken, Task<ImmutableArray<string>>> log, string what)
    {
        const int Lines = 5;
        ImmutableArray<string> lines;
        try
        {
            lines = await log(Lines, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ControlException)
        {
            lines = [];
        }

        return new ControlException(lines.IsEmpty ? what : $"{what}; its last lines: {string.Join(" | ", lines)}");
    }
}
