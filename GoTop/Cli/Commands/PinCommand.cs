using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace GoTop.Cli.Commands;

/// <param name="Cores">Null to leave the cores.</param>
/// <param name="Keep">Also for its next lives.</param>
/// <param name="Forget">For its next lives none any more.</param>
/// <param name="Priority">Null to leave it; likewise the next two.</param>
internal sealed record PinOptions(string Target, Func<CorePlan>? Cores, bool Keep, bool Forget, string? Priority, string? Io, bool? Eco, string? Config, ActionOptions Action);

/// <summary><c>gotop pin TARGET</c>: cores and priority.</summary>
internal static class PinCommand
{
    public static async Task<int> RunAsync(CliContext context, PinOptions options, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(options.Config).Config;
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, NullLogger.Instance);
        ImmutableArray<ControlPlan>.Builder plans = ImmutableArray.CreateBuilder<ControlPlan>();
        try
        {
            if (options is { Forget: true, Priority: null, Io: null, Eco: null })
            {
                (ControlPlan forget, ActionRules its) = await ForgetAsync(context, opener, config, options.Target, cancellation).ConfigureAwait(false);
                return await new ActionConsole(context, options.Action, config, its, forget.Target).RunAsync([forget], cancellation).ConfigureAwait(false);
            }

            ResolvedTarget resolved = opener.ResolveLocal(options.Target, config.Targets);
            TargetContext target = opener.Context(resolved, config);
            if (options.Cores is { } cores) plans.Add(Pin(context, config, target, cores(), options.Keep));
            if (options.Forget) plans.Add((await ForgetAsync(context, opener, config, options.Target, cancellation).ConfigureAwait(false)).Plan);
            if (options.Priority is not null || options.Io is not null || options.Eco is not null)
                plans.Add(AffinityPlans.Priority(target, PriorityText.Parse(options.Priority, options.Io, options.Eco, context.Platform.Name == "Windows")));
            return await new ActionConsole(context, options.Action, config, resolved.Settings.Rules, resolved.Identity.Name).RunAsync(plans.ToImmutable(), cancellation).ConfigureAwait(false);
        }
        catch (ControlException problem)
        {
            throw new CliException(problem.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem, problem.Message);
        }
    }

    private static ControlPlan Pin(CliContext context, GoTopConfig config, TargetContext target, CorePlan cores, bool keep)
    {
        if (!keep) return AffinityPlans.Pin(target, cores, gomaxprocs: null);
        IService service = context.Services(config.Control).Of(target);
        ImmutableArray<string> warnings = [];
        ControlPlan plan = AffinityPlans.Pin(target, cores, gomaxprocs: null, set => service.KeepCores(set) ?? ByAgent(set));
        return plan with { Warnings = plan.Warnings.AddRange(warnings) };

        CoreKeeping ByAgent(CoreSet set)
        {
            if (!config.Targets.Contains(target.Settings))
                throw new ControlException($"{service.Manager} keeps no cores for {target.Target.Name}, so the agent has to, and that watches the [[target]]s of gotop.toml: {target.Target.Name} is none");
            (KeptPins pins, string? problem) = Pins(context, config);
            if (problem is not null) warnings = [problem];
            return pins.Keep(TargetNaming.NameOf(target.Settings), set, Actor.OfThisProcess(Environment.GetEnvironmentVariable).ToString());
        }
    }

    /// <summary>What was kept by the agent, or else by its service's manager. It need not run.</summary>
    private static async Task<(ControlPlan Plan, ActionRules Rules)> ForgetAsync(CliContext context, TargetOpener opener, GoTopConfig config, string text, CancellationToken cancellation)
    {
        TargetSettings? settings = config.Targets.FirstOrDefault(target => text.Equals(TargetNaming.NameOf(target), StringComparison.OrdinalIgnoreCase));
        string name = settings is null ? text : TargetNaming.NameOf(settings);
        (KeptPins pins, _) = Pins(context, config);
        if (pins.Of(name) is not null) return (AffinityPlans.Forget(name, pins.Keep(name, null, "")), settings?.Rules ?? ActionRules.None);
        ServiceTarget found = await ServiceTarget.FindAsync(context, opener, config, text, cancellation).ConfigureAwait(false);
        CoreKeeping keeping = found.Service.KeepCores(null) ?? throw new ControlException($"no cores are kept for {found.Name}");
        return (AffinityPlans.Forget(found.Name, keeping), found.Settings.Rules);
    }

    /// <summary>Those of the agent that runs here, or would.</summary>
    private static (KeptPins Pins, string? Problem) Pins(CliContext context, GoTopConfig config)
    {
        Reading<AgentState> agent = AgentStateFile.Find(config.Agent, context.Platform);
        bool runs = agent.TryGet(out AgentState? state) && AgentStateFile.IsRunning(state, context.Platform);
        return (
            new KeptPins(runs ? state!.Folder : config.Agent.FolderOrUsual, context.Time),
            runs ? null : "no agent runs here now: the cores are kept once one does (gotop agent, gotop agent install)");
    }
}
