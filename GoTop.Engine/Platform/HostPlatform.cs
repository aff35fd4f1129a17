using GoTop.Engine.Platform.Linux;
using GoTop.Engine.Platform.Unsupported;

namespace GoTop.Engine.Platform;

/// <summary>Picks the folder for the system this runs on: the one place that asks.</summary>
public static class HostPlatform
{
    public static IPlatform Detect(TimeProvider time)
    {
        if (OperatingSystem.IsLinux()) return LinuxPlatform.Live();
        return new UnsupportedPlatform();
    }
}
