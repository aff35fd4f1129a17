using System.Collections.Immutable;

namespace GoTop.Engine.Control.Acting;

/// <summary>Something that can be done to a target.</summary>
/// <param name="Id">Short and stable: the name in <c>rules.allow</c>, in the audit log and in JSON.</param>
/// <param name="Title">What it does, as a verb.</param>
public sealed record ControlKind(string Id, string Title);

/// <summary>Every kind of acting. A new one is a line here.</summary>
public static class ControlCatalog
{
    public static ControlKind Pin { get; } = new("pin", "choose the cores it may run on");

    public static ControlKind Priority { get; } = new("priority", "change its priority");

    public static ControlKind Start { get; } = new("start", "start it");

    public static ControlKind Stop { get; } = new("stop", "stop it");

    public static ControlKind Restart { get; } = new("restart", "restart it");

    public static ControlKind Pause { get; } = new("pause", "pause it");

    public static ControlKind Continue { get; } = new("continue", "let it go on after a pause");

    public static ControlKind Environment { get; } = new("environment", "change its environment");

    public static ControlKind Recovery { get; } = new("recovery", "change what happens when it fails");

    /// <summary>Of GoTop itself, not of a target: no target's rules speak of these two.</summary>
    public static ControlKind Install { get; } = new("install", "install the agent as a service");

    public static ControlKind Uninstall { get; } = new("uninstall", "remove the agent's service");

    /// <summary>What can be done to a target.</summary>
    public static ImmutableArray<ControlKind> All { get; } = [Pin, Priority, Start, Stop, Restart, Pause, Continue, Environment, Recovery];
}
