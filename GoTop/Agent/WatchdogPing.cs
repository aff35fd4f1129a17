using System.Globalization;
using System.Runtime.Versioning;
using GoTop.Engine.Agent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace GoTop.Agent;

/// <summary>
/// Tells systemd that the agent is alive, twice in the time that the unit's WatchdogSec gives (sd_watchdog_enabled(3)). Not when the
/// worker hangs: then systemd is to restart it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WatchdogPing(AgentWorker worker, ISystemdNotifier systemd, TimeProvider time, ILogger log) : IHostedService, IDisposable
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!systemd.IsEnabled || Patience(Environment.GetEnvironmentVariable) is not { } patience) return Task.CompletedTask;
        _timer = time.CreateTimer(_ => Ping(patience), null, TimeSpan.Zero, patience / 2);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>How long systemd waits for a ping; null when it waits for none, or for another process's.</summary>
    internal static TimeSpan? Patience(Func<string, string?> environment)
    {
        if (environment("WATCHDOG_PID") is { Length: > 0 } process && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return null;
        return long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Ping(TimeSpan patience)
    {
        // It writes its state every few seconds, so a shorter patience tells nothing of it.
        TimeSpan hangs = patience > AgentWorker.WriteEvery * 3 ? patience : AgentWorker.WriteEvery * 3;
        if (worker.SinceLastTurn > hangs)
        {
            log.LogCritical("the agent hangs since {Seconds} s: systemd is not told that it is alive", worker.SinceLastTurn.TotalSeconds);
            return;
        }

        try
        {
            systemd.Notify(Alive);
        }
        catch (Exception refused) when (refused is System.Net.Sockets.SocketException or IOException)
        {
            log.LogWarning("systemd's socket does not take the watchdog's ping: {Reason}", refused.Message);
        }
    }
}
