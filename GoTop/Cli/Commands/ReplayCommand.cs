using GoTop.App;
using GoTop.Engine.Recording;
using GoTop.Feeds;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop replay FILE</c> and <c>gotop demo</c>: a recording on the screen, or as plain text frames.</summary>
internal static class ReplayCommand
{
    public static Task<int> RunAsync(CliContext context, ScreenSettings settings, string file, CancellationToken cancellation)
    {
        RecordingReader recording = Open(file);
        return ScreenCommand.RunAsync(context, settings, host => Show(host, new ReplayFeed(recording, loops: false, shownAtOnce: 1, context.Time, host.Logger)), cancellation);
    }

    public static Task<int> RunDemoAsync(CliContext context, ScreenSettings settings, CancellationToken cancellation) =>
        ScreenCommand.RunAsync(
            context, settings,
            host =>
            {
                host.OpenDemo();
                return Task.CompletedTask;
            },
            cancellation);

    /// <summary>As fast as they can be read; damaged ticks are named on standard error.</summary>
    public static int RunBatch(CliContext context, string file, CancellationToken cancellation)
    {
        using RecordingReader recording = Open(file);
        bool damaged = false;
        if (recording.Count == 0) throw new CliException(ExitCode.Problem, $"recording {file}: it holds no tick");
        foreach (RecordedObservation recorded in RecordedObservations.Of(recording))
        {
            cancellation.ThrowIfCancellationRequested();
            if (recorded.Observation is { } observation)
            {
                context.Output.WriteLine(BatchFrame.Draw(observation, BatchFrame.DefaultWidth));
                continue;
            }

            damaged = true;
            context.Error.WriteLine(recorded.Problem);
        }

        return damaged ? ExitCode.Problem : ExitCode.Done;
    }

    internal static RecordingReader Open(string file)
    {
        try
        {
            return RecordingReader.Open(file);
        }
        catch (RecordingException problem)
        {
            throw new CliException(ExitCode.Problem, problem.Message);
        }
    }

    private static Task Show(ScreenHost host, IObservationFeed feed)
    {
        host.Show(feed);
        return Task.CompletedTask;
    }
}
