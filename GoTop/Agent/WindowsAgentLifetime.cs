using System.Runtime.Versioning;
using GoTop.Engine.Agent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GoTop.Agent;

/// <summary>The agent under Windows' service manager: start, stop and shutdown are the host's, pausing is ours.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsAgentLifetime : WindowsServiceLifetime
{
    private readonly AgentWorker _worker;

    public WindowsAgentLifetime(
        AgentWorker worker, IHostEnvironment environment, IHostApplicationLifetime lifetime, ILoggerFactory log, IOptions<HostOptions> options, IOptions<WindowsServiceLifetimeOptions> serviceOptions)
        : base(environment, lifetime, log, options, serviceOptions)
    {
        _worker = worker;
        ServiceName = Engine.Agent.Installation.AgentServiceNames.Windows;
        CanPauseAndContinue = true;
        CanShutdown = true;
        // The service manager itself writes starts and stops to the event log.
        AutoLog = false;
    }

    protected override void OnPause() => _worker.Pause();

    protected override void OnContinue() => _worker.Continue();
}
