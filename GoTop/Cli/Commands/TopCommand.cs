using System.Globalization;
using System.Threading.Channels;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop top TARGET --batch</c>: a plain text frame each tick.</summary>
internal static class TopCommand
{
    /// <param name="frames">0 for no end.</param>
    public static async Task<int> RunBatchAsync(CliContext context, string text, string? configFile, int frames, TimeSpan? interval, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, log.Factory.CreateLogger("gotop"));
        ResolvedTarget target = await opener.ResolveAsync(text, config.Targets, cancellation).ConfigureAwait(false);
        Channel<Observation> published = Channel.CreateBounded<Observation>(new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest });
        await using Sampler sampler = opener.Open(target, interval ?? config.Interval, config);
        sampler.Published += () => published.Writer.TryWrite(sampler.Latest!);
        sampler.Start();
        int width = Width();
        try
        {
            for (int frame = 0; frames == 0 || frame < frames; frame++)
            {
                Observation observation = await published.Reader.ReadAsync(cancellation).ConfigureAwait(false);
                context.Output.Write(BatchFrame.Draw(observation, width));
                context.Output.WriteLine();
                context.Output.Flush();
                if (observation.Now.TargetEnded is { } ended)
                {
                    context.Error.WriteLine($"{observation.Now.Target.Name}: {ended}");
                    return ExitCode.Problem;
                }
            }
        }
        catch (OperationCanceledException) when (frames == 0 && cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how an endless run ends.
        }

        return ExitCode.Done;
    }

    private static int Width() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns is >= 40 and <= 1000
            ? columns
            : BatchFrame.DefaultWidth;
}
