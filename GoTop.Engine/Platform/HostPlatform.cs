using GoTop.Engine.Platform.Linux;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Platform.Windows;

namespace GoTop.Engine.Platform;

/// <summary>Picks the folder for the system this runs on: the one place that asks.</summary>
public static class HostPlatform
{
    public static IPlatform Detect(TimeProvider time) =>
        OperatingSystem.IsLinux() ? LinuxPlatform.Live()
        : OperatingSystem.IsWindows() ? new WindowsPlatform(time)
        : new UnsupportedPlatform();
}
