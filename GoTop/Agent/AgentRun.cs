using GoTop.Engine.Agent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GoTop.Agent;

/// <summary>The worker as the host starts and stops it. The host is ready when the worker watches, and not before.</summary>
internal sealed class AgentRun(AgentWorker worker, IHostApplicationLifetime lifetime, ILoggerFactory log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>It ended by itself, or did not end in time.</summary>
    public bool Failed { get; private set; }

    /// <exception cref="AgentException">It cannot run.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(() => worker.RunAsync(_stop.Token), CancellationToken.None);
        if (await Task.WhenAny(_run, worker.Ready).WaitAsync(cancellationToken).ConfigureAwait(false) == _run) await _run.ConfigureAwait(false);
        _ = _run.ContinueWith(EndedByItself, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Failed = true;
            log.CreateLogger("gotop").LogError("the agent has not ended within {Seconds} s; recordings keep all but the last moments", AgentHost.StopDeadline.TotalSeconds);
        }
        catch (Exception)
        {
            // Told when it happened.
            Failed = true;
        }
    }

    public void Dispose() => _stop.Dispose();

    private void EndedByItself(Task run)
    {
        Failed = true;
        log.CreateLogger("gotop").LogCritical(run.Exception?.InnerException, "the agent failed");
        lifetime.StopApplication();
    }
}
