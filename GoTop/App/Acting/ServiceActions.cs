using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;

namespace GoTop.App.Acting;

/// <summary>A row of the service's overlay.</summary>
/// <param name="WhyNot">Why it cannot be done now; null when it can.</param>
internal sealed record ServiceAction(string Title, Func<ActingChoice, ActingRequest> Request, Func<ServiceStatus, string?> WhyNot)
{
    private static readonly RecoveryPolicy OnFailure = new(RestartCondition.OnFailure, TimeSpan.FromSeconds(5));
    private static readonly RecoveryPolicy Never = new(RestartCondition.No, TimeSpan.FromSeconds(5));

    public static ImmutableArray<ServiceAction> All { get; } =
    [
        new("Restart", choice => new ActingRequest.Restart(choice.Capture, []), status => status.State is ServiceState.Running or ServiceState.Failed or ServiceState.Paused ? null : "it does not run"),
        new("Stop", _ => new ActingRequest.Simple(ControlCatalog.Stop), status => status.State is ServiceState.Stopped ? "it does not run" : null),
        new("Start", _ => new ActingRequest.Simple(ControlCatalog.Start), status => status.State is ServiceState.Running ? "it runs" : null),
        new("Pause", _ => new ActingRequest.Simple(ControlCatalog.Pause), status => status.CanPause ? status.State == ServiceState.Running ? null : "it does not run" : "it accepts no pause"),
        new("Continue", _ => new ActingRequest.Simple(ControlCatalog.Continue), status => status.State == ServiceState.Paused ? null : "it is not paused"),
        new("On failure: restart it after 5 s", _ => new ActingRequest.Recovery(OnFailure), CannotRecover),
        new("On failure: leave it", _ => new ActingRequest.Recovery(Never), CannotRecover),
    ];

    private static string? CannotRecover(ServiceStatus status) => status.Recovery.State == ReadingState.NotSupported ? status.Recovery.Reason : null;
}
