using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;

namespace GoTop.Tests.Sources.Logs;

internal static class Following
{
    /// <summary>A source of what the settings name, on this system.</summary>
    public static LogSource Of(TimeProvider time, TargetSettings settings) =>
        (LogSource)LogSource.Create(new TargetContext(new TargetIdentity { Name = "orders" }, HostPlatform.Detect(time), settings, time))!;
}
