using System.Globalization;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop record TARGET -o FILE</c>: the raw samples of every tick, for <c>gotop replay</c>.</summary>
internal static class RecordCommand
{
    public static async Task<int> RunAsync(
        CliContext context, string text, string output, string? configFile, TimeSpan? interval, TimeSpan? length, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        TargetOpener opener = new(context.Platform, context.Finder, context.Time, log.Factory.CreateLogger("gotop"));
        ResolvedTarget target = await opener.ResolveAsync(text, config.Targets, cancellation).ConfigureAwait(false);
        RecordingInfo info = new(ToolVersion.Text, target.Identity, Environment.MachineName, context.Time.GetUtcNow());
        string? ended;
        long written, lost;
        try
        {
            QueuedRecording queue = new(RecordingWriter.Create(output, info));
            // The sampler ends first, so that its last sample is still written.
            await using (queue.ConfigureAwait(false))
            await using (Sampler sampler = opener.Open(target, interval ?? config.Interval, config, queue.Add))
            {
                ended = await WatchAsync(sampler, queue.Finished, length, context.Time, cancellation).ConfigureAwait(false);
            }

            (written, lost) = (queue.Written, queue.Lost);
        }
        catch (RecordingException problem)
        {
            throw new CliException(ExitCode.Problem, problem.Message);
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {Counted.Of(written, "tick")} of {target.Identity.Name}, {new FileInfo(output).Length / 1024.0:N0} KiB"));
        if (lost > 0) context.Error.WriteLine($"{Counted.Of(lost, "tick")} came faster than the disk took them: missing from the file");
        if (ended is not null) context.Error.WriteLine($"{target.Identity.Name}: {ended}");
        return ExitCode.Done;
    }

    /// <summary>Until Ctrl-C, the time is up, the target ends or the disk refuses; how the target ended, if it did.</summary>
    private static async Task<string?> WatchAsync(Sampler sampler, Task writing, TimeSpan? length, TimeProvider time, CancellationToken cancellation)
    {
        TaskCompletionSource<string> targetEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sampler.Published += () =>
        {
            if (sampler.Latest?.Now.TargetEnded is { } how) targetEnded.TrySetResult(how);
        };
        sampler.Start();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task timeUp = Task.Delay(length ?? Timeout.InfiniteTimeSpan, time, over.Token);
        Task first = await Task.WhenAny(targetEnded.Task, timeUp, writing).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        if (first == writing) await writing.ConfigureAwait(false);
        return first == targetEnded.Task ? await targetEnded.Task.ConfigureAwait(false) : null;
    }
}
