using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services.Processes;
using GoTop.Engine.Control.Services.Systemd;
using GoTop.Engine.Control.Services.Windows;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Services;

/// <summary>Finds what starts and stops a target.</summary>
public sealed class ServiceFinder(IPlatform platform, ControlSettings settings, TimeProvider time)
{
    private const string Suffix = ".service";

    /// <summary>systemd's programs and drop-ins, for tests; null for the usual places.</summary>
    internal string? SystemdPrograms { get; init; }

    internal string DropIns { get; init; } = DropIn.SystemUnits;

    /// <summary>The user that GoTop runs as, for tests.</summary>
    internal int Self { get; init; } = OperatingSystem.IsLinux() ? (int)Platform.Linux.NativeMethods.EffectiveUser() : 0;

    /// <summary>Of a target that runs.</summary>
    /// <exception cref="ControlException">It runs on another machine.</exception>
    public IService Of(TargetContext target)
    {
        if (target.Target.Process is not { } process) throw new ControlException("the target is known by its address only: act on its own machine");
        if (target.Target.Service.TryGet(out string? name) && Managed(name, process) is { } service) return service;
        return new PlainProcess(platform, process, target.Target.Name, settings, new ProcessSignals(platform), time);
    }

    /// <summary>Of a target that runs; what is given can start it also after it has ended.</summary>
    /// <param name="problem">Why it cannot; null when it can.</param>
    /// <inheritdoc cref="Of" path="/exception"/>
    internal IService Remember(TargetContext target, out string? problem)
    {
        problem = null;
        IService service = Of(target);
        if (service is not PlainProcess || target.Target.Process is not { } process) return service;
        try
        {
            return new PlainProcess(platform, process, target.Target.Name, settings, new ProcessSignals(platform), time) { Remembered = Relaunch.Of(platform, process) };
        }
        catch (ControlException unknown)
        {
            problem = unknown.Message;
            return service;
        }
    }

    /// <summary>Of a name, whether it runs or not; null when no service manager knows it.</summary>
    public async Task<IService?> FindAsync(string name, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) return WindowsService.Exists(name) ? new WindowsService(name, settings, time) : null;
        if (!OperatingSystem.IsLinux()) return null;
        SystemdService service = Systemd(name.EndsWith(Suffix, StringComparison.Ordinal) ? name : name + Suffix);
        try
        {
            await service.ReadAsync(cancellation).ConfigureAwait(false);
            return service;
        }
        catch (ControlException)
        {
            return null;
        }
    }

    private IService? Managed(string name, ProcessKey process)
    {
        // Several services share a process: none of them is meant alone.
        if (OperatingSystem.IsWindows()) return name.Contains(", ", StringComparison.Ordinal) ? null : new WindowsService(name, settings, time);
        // In a container the unit is the host's, whose systemd is out of reach.
        return OperatingSystem.IsLinux() && (SystemdPrograms is not null || Directory.Exists("/run/systemd/system")) ? Systemd(name, platform.ServiceUser(process) is { } user ? SystemdManager.Of(user, Self, Configuration) : null) : null;
    }

    private static string Configuration => Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);

    private SystemdService Systemd(string unit, SystemdManager? manager = null) =>
        new(unit, settings, new Systemctl(time, SystemdPrograms, manager ?? SystemdManager.OfSystem with { DropIns = DropIns }), time);
}
