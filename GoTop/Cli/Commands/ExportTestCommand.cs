using System.Collections.Immutable;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Engine.Export.Exporters;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop export test NAME</c>.</summary>
internal static class ExportTestCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(CliContext context, string name, string? configFile, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        ImmutableArray<string> there = ExporterTrial.Configured(config.Export);
        if (!there.Contains(name))
            throw new CliException(ExitCode.Usage, $"there is no exporter {name}; {(there.IsEmpty ? "gotop.toml has no sound table in [export]" : $"there are {string.Join(", ", there)}")}");
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        using CancellationTokenSource late = new(Deadline, context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            string answer = await ExporterTrial.RunAsync(name, config.Export, new ExporterTrialParts(context.Time, log.Factory.CreateLogger("gotop"), ToolVersion.Text), either.Token).ConfigureAwait(false);
            context.Output.WriteLine($"{name}: {answer}");
            return ExitCode.Done;
        }
        catch (ExportException refused)
        {
            throw new CliException(ExitCode.Problem, $"{name}: {refused.Message}");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Problem, FormattableString.Invariant($"{name}: no answer within {Deadline.TotalSeconds} s"));
        }
    }
}
