using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;

namespace GoTop.App.Acting;

/// <summary>A row of the service's overlay.</summary>
/// <param name="WhyNot">Why it cannot be done now; null when it can.</param>
internal sealed record ServiceAction(Func<ActingChoice, string> Title, Func<ActingChoice, ActingRequest> Request, Func<ServiceStatus, string?> WhyNot)
{
    /// <summary>What + and - go through; any other is what <c>gotop service recovery --delay</c> takes.</summary>
    private static readonly ImmutableArray<TimeSpan> Delays = [.. new[] { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];


    public static ImmutableArray<ServiceAction> All { get; } =
    [
        new(_ => "Restart", choice => new ActingRequest.Restart(choice.Capture, []), status => status.State is ServiceState.Running or ServiceState.Failed or ServiceState.Paused ? null : "it does not run"),
        new(_ => "Stop", _ => new ActingRequest.Simple(ControlCatalog.Stop), status => status.State is ServiceState.Stopped ? "it does not run" : null),
        new(_ => "Start", _ => new ActingRequest.Simple(ControlCatalog.Start), status => status.State is ServiceState.Running ? "it runs" : null),
        new(_ => "Pause", _ => new ActingRequest.Simple(ControlCatalog.Pause), status => status.CanPause ? status.State == ServiceState.Running ? null : "it does not run" : "it accepts no pause"),
        new(_ => "Continue", _ => new ActingRequest.Simple(ControlCatalog.Continue), status => status.State == ServiceState.Paused ? null : "it is not paused"),
        new(choice => $"On failure: restart after {Words(choice)}", choice => Recover(choice, RestartCondition.OnFailure), CannotRecover),
        new(choice => $"Always: restart after {Words(choice)}", choice => Recover(choice, RestartCondition.Always), CannotRecover),
        new(_ => "On failure: leave it", choice => Recover(choice, RestartCondition.No), CannotRecover),
    ];

    /// <summary>The next longer delay, or the next shorter one.</summary>
    public static TimeSpan Next(TimeSpan delay, bool longer) => longer
        ? Delays.Where(each => each > delay).DefaultIfEmpty(Delays[^1]).First()
        : Delays.Where(each => each < delay).DefaultIfEmpty(Delays[0]).Last();

    private static ActingRequest.Recovery Recover(ActingChoice choice, RestartCondition when) => new(new RecoveryPolicy(when, choice.RecoveryDelay));

    private static string Words(ActingChoice choice) => FormattableString.Invariant($"{choice.RecoveryDelay.TotalSeconds:0.###} s");

    private static string? CannotRecover(ServiceStatus status) => status.Recovery.State == ReadingState.NotSupported ? status.Recovery.Reason : null;
}
