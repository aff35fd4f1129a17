using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;

namespace GoTop.Engine.Agent.Installation;

/// <summary>The agent as a service of this machine, under the service manager that there is.</summary>
public interface IAgentService
{
    /// <summary>The service's name.</summary>
    string Name { get; }

    /// <summary>The command that is installed; not supported when none is.</summary>
    Reading<string> Installed();

    /// <summary>How the service manager has it; absent when it is not installed.</summary>
    Task<Reading<ServiceStatus>> ReadAsync(CancellationToken cancellation);

    /// <param name="start">Also starts it.</param>
    /// <exception cref="ControlException">It cannot be installed here.</exception>
    Task<ControlPlan> InstallAsync(AgentCommand command, bool start, CancellationToken cancellation);

    /// <summary>Stops it first. What it has recorded stays.</summary>
    /// <exception cref="ControlException">It is not installed.</exception>
    Task<ControlPlan> UninstallAsync(CancellationToken cancellation);
}
