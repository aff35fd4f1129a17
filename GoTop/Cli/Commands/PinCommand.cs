using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Discovery;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace GoTop.Cli.Commands;

/// <param name="Cores">Null to leave the cores.</param>
/// <param name="Persist">Also for its next starts.</param>
/// <param name="Priority">Null to leave it; likewise the next two.</param>
internal sealed record PinOptions(string Target, Func<CorePlan>? Cores, bool Persist, string? Priority, string? Io, bool? Eco, string? Config, ActionOptions Action);

/// <summary><c>gotop pin TARGET</c>: cores and priority.</summary>
internal static class PinCommand
{
    public static async Task<int> RunAsync(CliContext context, PinOptions options, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(options.Config).Config;
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, NullLogger.Instance);
        ResolvedTarget resolved = opener.ResolveLocal(options.Target, config.Targets);
        TargetContext target = opener.Context(resolved, config);
        ImmutableArray<ControlPlan>.Builder plans = ImmutableArray.CreateBuilder<ControlPlan>();
        try
        {
            if (options.Cores is { } cores) plans.Add(AffinityPlans.Pin(target, cores(), gomaxprocs: null, options.Persist ? context.Services(config.Control).Of(target) : null));
            if (options.Priority is not null || options.Io is not null || options.Eco is not null)
                plans.Add(AffinityPlans.Priority(target, PriorityText.Parse(options.Priority, options.Io, options.Eco, context.Platform.Name == "Windows")));
        }
        catch (ControlException problem)
        {
            throw new CliException(problem.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem, problem.Message);
        }

        return await new ActionConsole(context, options.Action, config, resolved.Settings.Rules, resolved.Identity.Name).RunAsync(plans.ToImmutable(), cancellation).ConfigureAwait(false);
    }
}
