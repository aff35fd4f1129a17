using System.Collections.Immutable;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>Every check, in the order in which results are told. A new one is a line here; null leaves it out, as it is not configured.</summary>
internal static class CheckCatalog
{
    public static ImmutableArray<Func<WatchdogSettings, TimeProvider, IHealthCheck?>> All { get; } =
    [
        (_, _) => new ProcessCheck(),
        (settings, time) => settings.Tcp.IsEmpty ? null : new TcpCheck(settings, time),
        (settings, time) => settings.Http is null ? null : new HttpCheck(settings, time),
        (settings, time) => settings.Progress || settings.LogEvery is not null ? new ProgressCheck(settings, time) : null,
    ];

    /// <summary>All that are configured, beside one another.</summary>
    public static async Task<ImmutableArray<CheckResult>> LookAsync(WatchdogSettings settings, CheckSubject subject, TimeProvider time, CancellationToken cancellation) =>
        [.. await Task.WhenAll(All.Select(make => make(settings, time)).OfType<IHealthCheck>().Select(check => check.LookAsync(subject, cancellation))).ConfigureAwait(false)];
}
