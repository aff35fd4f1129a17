using System.Collections.Immutable;
using System.CommandLine.Parsing;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Profiles;
using GoTop.Widgets;

namespace GoTop.Cli.Commands;

/// <param name="Kinds">Null for all that can be had.</param>
/// <param name="Seconds">Null for what is configured.</param>
/// <param name="Output">Null for a new folder where captures usually lie.</param>
internal sealed record CaptureOptions(string Target, ImmutableArray<CaptureKind>? Kinds, int? Seconds, string? Output, bool Force, bool Json, string? Config);

/// <summary><c>gotop capture TARGET</c>: evidence into files, without the screen.</summary>
internal static class CaptureCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(CliContext context, CaptureOptions options, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(options.Config).Config;
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, log.Factory.CreateLogger("gotop"));
        ResolvedTarget target = await opener.ResolveAsync(options.Target, config.Targets, cancellation).ConfigureAwait(false);
        // Nothing is to be traced by itself beside it.
        TargetContext of = opener.Context(target, GoTopConfig.Default);
        await using Sampler sampler = opener.Open(of, Interval);
        CapturePlan plan = Plan(options, config.Capture, target.Identity.Name, context.Time);
        // Whether the service is in trouble shows in what its counters did over a second.
        if (!plan.Force && plan.Kinds.Any(kind => kind.Served is { Cost: not RequestCost.Little }))
            await sampler.NextAsync(observation => observation.Tick >= 2 || observation.Now.TargetEnded is not null, Patience, context.Time, cancellation).ConfigureAwait(false);
        else sampler.Start();

        using CaptureSession session = new(of, plan, () => sampler.Condition);
        try
        {
            CaptureProgress progress = await FollowAsync(context, session, options.Json, cancellation).ConfigureAwait(false);
            int exit = Verdict(context, session, progress, options.Json);
            if (progress.IsCancelled) cancellation.ThrowIfCancellationRequested();
            return exit;
        }
        catch (CaptureException refused)
        {
            throw new CliException(ExitCode.Problem, refused.Message);
        }
    }

    /// <summary>For <c>--kinds cpu,heap</c>; null for all.</summary>
    public static ImmutableArray<CaptureKind>? ParseKinds(ArgumentResult result)
    {
        ImmutableArray<CaptureKind>.Builder kinds = ImmutableArray.CreateBuilder<CaptureKind>();
        string[] known = [.. CaptureCatalog.All.Select(kind => kind.Id), CaptureCatalog.AllId];
        bool all = false;
        foreach (string name in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (name == CaptureCatalog.AllId) all = true;
            else if (CaptureCatalog.Find(name) is { } kind) kinds.Add(kind);
            else result.AddError($"there is no capture \"{name}\"{NearestName.Hint(name, known)}; there are {string.Join(", ", known)}");
        }

        if (!all && kinds.Count == 0 && !result.Errors.Any()) result.AddError($"--kinds takes {string.Join(", ", known)}, with commas between");
        return all ? null : kinds.ToImmutable();
    }

    private static CapturePlan Plan(CaptureOptions options, CaptureSettings settings, string target, TimeProvider time)
    {
        string folder = options.Output is { } output ? CapturePlaces.In(output, target, time.GetUtcNow()) : CapturePlaces.New(settings, target, time.GetUtcNow());
        return new CapturePlan(options.Kinds ?? CaptureCatalog.All, options.Seconds ?? settings.Seconds, folder)
        {
            IsAll = options.Kinds is null,
            Force = options.Force,
            MaxTraceBytes = settings.MaxTraceMegabytes << 20,
            ToolVersion = ToolVersion.Text,
        };
    }

    private static Task<CaptureProgress> FollowAsync(CliContext context, CaptureSession session, bool json, CancellationToken cancellation)
    {
        int told = 0;
        return ProgressLine.FollowAsync(context, session.RunAsync(cancellation), () => session.Progress, Tell);

        void Tell(ProgressLine line, CaptureProgress now)
        {
            for (; told < now.Items.Length && now.Items[told].State is not (CaptureState.Waiting or CaptureState.Running); told++)
            {
                line.Clear();
                if (!json) context.Output.WriteLine(CaptureWords.Line(now.Items[told]));
            }

            line.Show(CaptureWords.Running(now));
        }
    }

    private static int Verdict(CliContext context, CaptureSession session, CaptureProgress progress, bool json)
    {
        if (json) context.Output.WriteLine(ExportJson.Write(session.ToDocument()));
        else context.Output.WriteLine($"{progress.Folder}: {CaptureWords.Verdict(progress)}");
        if (session.ManifestProblem is { } problem) context.Error.WriteLine($"gotop: {problem}");
        return progress.Failed == 0 && !progress.IsCancelled && progress.Done > 0 && session.ManifestProblem is null ? ExitCode.Done : ExitCode.Problem;
    }
}
