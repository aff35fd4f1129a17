using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop snapshot TARGET</c>: one observation, with rates over a moment and the stacks of all goroutines.</summary>
internal static class SnapshotCommand
{
    /// <summary>Long enough for CPU rates, which the system counts in steps of 10 to 16 ms.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(CliContext context, string text, string? config, bool json, CancellationToken cancellation)
    {
        GoTopConfig settings = context.LoadConfig(config).Config;
        using OwnLog log = OwnLog.ForHeadless(settings.Log, context.Time);
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, log.Factory.CreateLogger("gotop"));
        ResolvedTarget target = await opener.ResolveAsync(text, settings.Targets, cancellation).ConfigureAwait(false);
        Observation observation;
        await using (Sampler sampler = opener.Open(target, Moment, settings with { Profiles = new ProfileSettings() }))
        {
            sampler.Interest = new Interest { AllStacks = true };
            observation = await sampler.NextAsync(IsWhole, Patience, context.Time, cancellation).ConfigureAwait(false);
        }

        if (json) context.Output.WriteLine(ExportJson.Write(SnapshotDocumentBuilder.Build(observation)));
        else context.Output.Write(BatchFrame.Draw(observation, BatchFrame.DefaultWidth));
        return Verdict(context, observation);
    }

    /// <summary>Every source has answered in one way or another, and rates stand on two readings.</summary>
    private static bool IsWhole(Observation observation) =>
        observation.Now.TargetEnded is not null
        || (observation.Tick >= 2
            // Not by its state: "not yet" is also the answer of a log file that is not there.
            && observation.Now.Sources.All(source => source.CostMilliseconds is not null && source.State != SourceState.Stale)
            && HasRate(observation.Now.Facts.Process.HasValue, observation.Now.Process.CpuPercent)
            && HasRate(observation.Now.Go.Counters.GcCycles.HasValue, observation.Now.Go.GcCyclesPerSecond));

    private static bool HasRate(bool isRead, Reading<double> rate) => !isRead || rate.State != ReadingState.NotYet;

    private static int Verdict(CliContext context, Observation observation)
    {
        if (observation.Now.TargetEnded is { } ended)
        {
            context.Error.WriteLine($"{observation.Now.Target.Name}: {ended}");
            return ExitCode.Problem;
        }

        if (observation.Now.Go.Counters.Goroutines.HasValue) return ExitCode.Done;
        SourceStatus? refused = observation.Now.Sources.FirstOrDefault(source => source.State == SourceState.Denied);
        SourceStatus? first = refused ?? observation.Now.Sources.FirstOrDefault(source => source.State != SourceState.Ok);
        context.Error.WriteLine($"{observation.Now.Target.Name}: nothing of its Go runtime could be read: {first?.Name}: {first?.Reason}");
        return refused is null ? ExitCode.Problem : ExitCode.NotPermitted;
    }
}
