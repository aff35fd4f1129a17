using GoTop.Engine.Config;
using GoTop.Engine.Control.Services.Systemd;

namespace GoTop.Engine.Agent.Installation;

/// <summary>Picks the service manager of this machine.</summary>
public static class AgentServiceFinder
{
    /// <summary>Null where there is none.</summary>
    public static IAgentService? Find(ControlSettings settings, TimeProvider time)
    {
        if (OperatingSystem.IsWindows()) return new WindowsAgentService(settings, time);
        // Containers have systemd's programs without systemd.
        return OperatingSystem.IsLinux() && Directory.Exists("/run/systemd/system") ? new SystemdAgentService(settings, time) : null;
    }

    /// <summary>Of a systemd that a test scripts.</summary>
    internal static IAgentService Systemd(ControlSettings settings, TimeProvider time, string? programs, string units, string stateFolder) =>
        new SystemdAgentService(settings, time, programs, units, stateFolder);

    /// <summary>Where systemd's units of this machine lie.</summary>
    internal static string SystemUnits => DropIn.SystemUnits;
}
