using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Control.Services;

/// <summary>What several kinds of services cannot do.</summary>
internal static class ServiceErrors
{
    public static ControlException AlreadyRunning(ServiceStatus now) => new($"{now.Name} runs already: {now}");

    public static ControlException NotRunning(ServiceStatus now) => new($"{now.Name} does not run: {now}");

    public static ControlException CannotPause(string why) => new($"it cannot be paused: {why}");
}
