using System.Collections.Immutable;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Diagnosis;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop alerts channels</c> and <c>gotop alerts send-test</c>.</summary>
internal static class AlertsCommand
{
    public static int Channels(CliContext context, string? configFile)
    {
        ImmutableArray<ChannelSettings> channels = context.LoadConfig(configFile).Config.Alerts.Channels;
        if (channels.IsEmpty) context.Output.WriteLine("no channels: gotop.toml has no sound [[alerts.channel]]");
        int width = channels.Select(channel => channel.Name.Length).DefaultIfEmpty().Max();
        foreach (ChannelSettings channel in channels) context.Output.WriteLine($"{channel.Name.PadRight(width)}  {channel.Kind,-8}  {Told(channel.Common)}  {channel.Where}");
        return ExitCode.Done;
    }

    public static async Task<int> SendTestAsync(CliContext context, string name, string? configFile, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        ImmutableArray<ChannelSettings> channels = config.Alerts.Channels;
        ChannelSettings settings = channels.FirstOrDefault(channel => channel.Name == name)
            ?? throw new CliException(ExitCode.Usage, $"there is no channel {name}; {(channels.IsEmpty ? "gotop.toml has none" : $"there are {string.Join(", ", channels.Select(channel => channel.Name))}")}");
        using OwnLog log = OwnLog.ForHeadless(config.Log, context.Time);
        using IAlertChannel channel = settings.Create(new ChannelParts(context.Time, log.Factory.CreateLogger("gotop")));
        AlertMessage message = AlertMessage.Test(Actor.OfThisProcess(Environment.GetEnvironmentVariable).ToString(), Environment.MachineName, ToolVersion.Text, context.Time.GetUtcNow());
        try
        {
            string answer = await ChannelAttempt.SendAsync(channel, message, settings.Common.Deadline, context.Time, cancellation).ConfigureAwait(false);
            context.Output.WriteLine($"sent to {settings.Name} ({settings.Where}): {answer}");
            return ExitCode.Done;
        }
        catch (ChannelException refused)
        {
            throw new CliException(ExitCode.Problem, $"{settings.Name} did not take it: {refused.Message}");
        }
    }

    private static string Told(ChannelCommon common) =>
        $"{(common.Least == Severity.Notice ? "all alerts" : $"from {SeverityWords.Of(common.Least)} on")}{(common.TellsResolved ? "" : ", not when they are over")}";
}
