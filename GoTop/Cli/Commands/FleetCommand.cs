using GoTop.Cli.OwnLogging;
using GoTop.Cli.Reports;
using GoTop.Engine.Config;
using GoTop.Engine.Export;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.Commands;

/// <param name="Interval">In place of the configuration's.</param>
/// <param name="Frames">0 for no end.</param>
internal sealed record FleetOptions(string? Config, TimeSpan? Interval, string? Prometheus, string? Selector, bool Json, int Frames, FleetGrouping Grouping);

/// <summary><c>gotop fleet</c>: many targets at once.</summary>
internal static class FleetCommand
{
    public static Task<int> RunAsync(CliContext context, ScreenSettings settings, CancellationToken cancellation)
    {
        // Said before the screen is up, where it can be read.
        if (!FleetWatch.IsAny(settings.Override(context.LoadConfigQuietly(settings.ConfigFile).Config))) throw NoFleet;
        return ScreenCommand.RunFleetAsync(context, settings, cancellation);
    }

    public static async Task<int> RunBatchAsync(CliContext context, FleetOptions options, CancellationToken cancellation)
    {
        GoTopConfig config = Apply(context.LoadConfig(options.Config).Config, options);
        if (!FleetWatch.IsAny(config)) throw NoFleet;
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        ILogger logger = log.Factory.CreateLogger("gotop");
        await using FleetWatch watch = new(FleetWatch.SourcesOf(config, context.Time, logger), config.Fleet.Interval, context.Time, logger);
        int frames = options.Json ? 1 : options.Frames;
        try
        {
            for (int frame = 0; ; frame++)
            {
                long start = context.Time.GetTimestamp();
                FleetSnapshot fleet = await watch.ReadOnceAsync(first: frame == 0, cancellation).ConfigureAwait(false);
                if (options.Json) context.Output.WriteLine(ExportJson.Write(FleetDocument.Of(fleet)));
                else FleetText.Write(context.Output, fleet, options.Grouping);
                context.Output.Flush();
                foreach (FleetPart source in fleet.Sources.Where(source => source.State is not SourceState.Ok || source.Reason is not null)) context.Error.WriteLine($"gotop: {source.Source}: {source.Reason}");
                if (frames > 0 && frame + 1 >= frames) return fleet.Sources.All(source => source.State == SourceState.Ok) ? ExitCode.Done : ExitCode.Problem;
                TimeSpan wait = config.Fleet.Interval - context.Time.GetElapsedTime(start);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, context.Time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (frames == 0 && cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how an endless run ends.
            return ExitCode.Done;
        }
    }

    /// <summary>What the command line says goes before the file.</summary>
    /// <exception cref="CliException">The engine's address or selector cannot be used.</exception>
    public static GoTopConfig Apply(GoTopConfig config, FleetOptions options)
    {
        FleetSettings fleet = config.Fleet with { Interval = Clamped(options.Interval) ?? config.Fleet.Interval };
        if (options.Prometheus is not { } address) return config with { Fleet = fleet };
        string text = address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            throw new CliException(ExitCode.Usage, $"--prometheus: \"{PlainText.Clean(address, 100)}\" is not an address such as http://host:9090");
        if (url.UserInfo.Length > 0) throw new CliException(ExitCode.Usage, "--prometheus: credentials belong into gotop.toml, where no list of processes shows them");
        string selector = options.Selector?.Trim() ?? "";
        if (PromSelector.ProblemOf(selector) is { } problem) throw new CliException(ExitCode.Usage, $"--selector {problem}");
        // An engine of the same address in the file says how to talk to it.
        PrometheusSettings engine = config.Fleet.Engines.FirstOrDefault(known => known.Url == url) ?? PrometheusSettings.Of(url);
        return config with { Fleet = fleet with { Engines = [selector.Length == 0 ? engine : engine with { Selector = selector }] } };
    }

    private static CliException NoFleet => new(
        ExitCode.Usage, "there is no fleet: gotop.toml needs a [[target]] with url or metrics, or [fleet] prometheus = \"http://…\" (or give --prometheus URL)");

    private static TimeSpan? Clamped(TimeSpan? interval) => interval is not { } wanted ? null
        : wanted < FleetSettings.ShortestInterval ? FleetSettings.ShortestInterval
        : wanted > FleetSettings.LongestInterval ? FleetSettings.LongestInterval
        : wanted;
}
