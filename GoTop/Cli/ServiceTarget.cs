using GoTop.Engine.Config;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Discovery;
using GoTop.Engine.Sources;

namespace GoTop.Cli;

/// <summary>A service that a person names, whether it runs or not.</summary>
/// <param name="Running">The target it is; null when it does not run, or is no Go program.</param>
internal sealed record ServiceTarget(string Name, IService Service, TargetContext? Running, TargetSettings Settings)
{
    /// <exception cref="CliException">There is no such service and no such process.</exception>
    public static async Task<ServiceTarget> FindAsync(
        CliContext context, TargetOpener opener, GoTopConfig config, string text, CancellationToken cancellation)
    {
        ServiceFinder finder = context.Services(config.Control);
        CliException notRunning;
        try
        {
            ResolvedTarget resolved = opener.ResolveLocal(text, config.Targets);
            TargetContext target = opener.Context(resolved, config);
            return new ServiceTarget(resolved.Identity.Name, finder.Of(target), target, resolved.Settings);
        }
        catch (CliException problem) when (problem.ExitCode == ExitCode.TargetNotFound)
        {
            notRunning = problem;
        }

        TargetSettings? settings = config.Targets.FirstOrDefault(target => text.Equals(target.Name, StringComparison.OrdinalIgnoreCase)) ?? config.Targets.FirstOrDefault(target => IsService(text, target.Service));
        return await finder.FindAsync(settings?.Service ?? text, cancellation).ConfigureAwait(false) is { } service
            ? new ServiceTarget(settings?.Name ?? service.Name, service, null, settings ?? config.Targets.FirstOrDefault(target => IsService(service.Name, target.Service)) ?? TargetSettings.Default)
            : throw notRunning;
    }

    private static bool IsService(string text, string? service) =>
        service is not null && (text.Equals(service, StringComparison.OrdinalIgnoreCase) || text.Equals(service + ".service", StringComparison.OrdinalIgnoreCase) || service.Equals(text + ".service", StringComparison.OrdinalIgnoreCase));
}
