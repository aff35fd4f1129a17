using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>From what a person typed to a sampler that watches it.</summary>
internal sealed class TargetOpener(IPlatform platform, GoProcessFinder finder, TimeProvider time, ILogger log)
{
    /// <exception cref="CliException">There is no such target, or we may not watch it.</exception>
    public async Task<ResolvedTarget> ResolveAsync(string text, ImmutableArray<TargetSettings> configured, CancellationToken cancellation)
    {
        return await WithPprofAsync(ResolveLocal(text, configured), cancellation).ConfigureAwait(false);
    }

    /// <summary>The same without asking for its pprof pages.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/exception"/>
    public ResolvedTarget ResolveLocal(string text, ImmutableArray<TargetSettings> configured)
    {
        TargetResolution resolution = new TargetResolver(platform, finder, configured).Resolve(text);
        if (resolution.Target is { } target) return target;
        TargetProblem problem = resolution.Problem!;
        throw new CliException(problem.Kind == TargetProblemKind.NotPermitted ? ExitCode.NotPermitted : ExitCode.TargetNotFound, problem.Message);
    }

    /// <summary>What sources and captures of one target have in common.</summary>
    public TargetContext Context(ResolvedTarget target, GoTopConfig config) => TargetContext.Of(target, config, platform, time);

    public Sampler Open(ResolvedTarget target, TimeSpan interval, GoTopConfig config, Action<Sample>? onSample = null) =>
        Open(Context(target, config), interval, onSample);

    /// <inheritdoc cref="Sampler(TargetIdentity, IEnumerable{ISource}, TimeSpan, TimeProvider, ILogger, Action{Sample}, Task{Derivation})"/>
    public Sampler Open(TargetContext context, TimeSpan interval, Action<Sample>? onSample = null, Task<Derivation?>? past = null) =>
        new(context.Target, SourceCatalog.All.Select(entry => entry.Create(context)).OfType<ISource>(), interval, time, log, onSample, past);

    private async Task<ResolvedTarget> WithPprofAsync(ResolvedTarget target, CancellationToken cancellation)
    {
        if (target.Identity.Process is null) return target;
        ImmutableArray<GoProcess> probed = await finder.ProbePprofAsync([new GoProcess(target.Identity, [])], cancellation).ConfigureAwait(false);
        return target with { Identity = probed[0].Identity };
    }
}
