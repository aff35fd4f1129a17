using System.Net.Sockets;
using GoTop.Engine.Config;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>Its addresses accept connections. The kernel accepts for a process that hangs, so it tells of ports that are not open at all.</summary>
internal sealed class TcpCheck(WatchdogSettings settings, TimeProvider time) : IHealthCheck
{
    public const string Name = "tcp";

    public async Task<CheckResult> LookAsync(CheckSubject subject, CancellationToken cancellation)
    {
        string?[] problems = await Task.WhenAll(settings.Tcp.Select(place => ProblemOfAsync(place, cancellation))).ConfigureAwait(false);
        string[] told = [.. problems.OfType<string>()];
        return CheckResult.Of(Name, told.Length == 0, told.Length == 0 ? $"{string.Join(", ", settings.Tcp)} {(settings.Tcp.Length == 1 ? "accepts" : "accept")}" : string.Join(", ", told));
    }

    private async Task<string?> ProblemOfAsync(TcpPlace place, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(settings.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(place.Host, place.Port, either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{place} accepts no connection within {DurationText.Format(settings.Timeout)}";
        }
        catch (SocketException refused)
        {
            return $"{place}: {refused.Message}";
        }
    }
}
