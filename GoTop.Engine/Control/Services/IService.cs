using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services;

/// <summary>
/// One service under whatever starts and stops it: Windows' service manager, systemd, or nobody (a plain process). It gives the
/// steps of an action, so that they can be shown before they are taken.
/// </summary>
public interface IService
{
    string Name { get; }

    /// <summary><c>systemd</c>, <c>the service manager</c>, <c>no service manager</c>.</summary>
    string Manager { get; }

    /// <exception cref="ControlException">It is not there, or may not be asked.</exception>
    Task<ServiceStatus> ReadAsync(CancellationToken cancellation);

    /// <exception cref="ControlException">It cannot be started.</exception>
    ImmutableArray<ControlStep> StartSteps(ServiceStatus now);

    /// <exception cref="ControlException">It cannot be stopped.</exception>
    ImmutableArray<ControlStep> StopSteps(ServiceStatus now);

    /// <exception cref="ControlException">It cannot be restarted.</exception>
    ImmutableArray<ControlStep> RestartSteps(ServiceStatus now);

    /// <exception cref="ControlException">It cannot be paused.</exception>
    ImmutableArray<ControlStep> PauseSteps(ServiceStatus now);

    /// <exception cref="ControlException">It cannot be paused.</exception>
    ImmutableArray<ControlStep> ContinueSteps(ServiceStatus now);

    /// <summary>Steps that set what its next start finds in its environment, and what takes them back.</summary>
    /// <param name="changes">Names and values; a null removes one.</param>
    /// <exception cref="ControlException">It cannot be set.</exception>
    EnvironmentChange ChangeEnvironment(ServiceStatus now, ImmutableSortedDictionary<string, string?> changes);

    /// <summary>Steps that set what happens when it fails.</summary>
    /// <exception cref="ControlException">It cannot be set.</exception>
    ImmutableArray<ControlStep> RecoverySteps(ServiceStatus now, RecoveryPolicy wanted);

    /// <summary>What gives its next starts these cores; null where its manager keeps none, so that the agent has to.</summary>
    /// <param name="cores">Null to keep none any more.</param>
    CoreKeeping? KeepCores(CoreSet? cores);

    /// <summary>The last lines it wrote, as far as its manager keeps them; empty where it does not.</summary>
    Task<ImmutableArray<string>> LastLogLinesAsync(int lines, CancellationToken cancellation);
}

/// <summary>Keeping cores beyond the life of a process.</summary>
/// <param name="Before">What is kept now, in words.</param>
/// <param name="Undo">Sets it back.</param>
public sealed record CoreKeeping(string Before, ControlStep Step, ControlStep Undo);

/// <summary>What sets an environment, before a restart.</summary>
/// <param name="Before">How it was, in words.</param>
/// <param name="Undo">Steps that set it back.</param>
public sealed record EnvironmentChange(string Before, ImmutableArray<ControlStep> Steps, ImmutableArray<ControlStep> Undo);
