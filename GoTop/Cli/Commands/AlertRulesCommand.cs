using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop alerts list</c>, <c>status</c> and <c>test</c>: which rules there are, how they stand and why, and what they would have done.</summary>
internal static class AlertRulesCommand
{
    public static int List(CliContext context, string? configFile)
    {
        LoadedConfig loaded = context.LoadConfig(configFile);
        foreach (AlertRule rule in loaded.Config.AlertRules)
        {
            string targets = rule.Targets.IsEmpty ? "" : $"; targets {string.Join(", ", rule.Targets)}";
            string labels = rule.Labels.IsEmpty ? "" : $"; {string.Join(", ", rule.Labels.Select(label => $"{label.Key}={label.Value}"))}";
            context.Output.WriteLine($"{rule.Name,-22} {SeverityWords.Of(rule.Severity),-9} {Condition(rule)}{targets}{labels}{(rule.IsDefault ? " (usual)" : "")}");
        }

        return loaded.IsSound ? ExitCode.Done : ExitCode.Problem;
    }

    /// <summary>As the agent that runs on this machine wrote it last.</summary>
    public static int Status(CliContext context, string? configFile, bool json)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        Reading<AgentState> agent = AgentStateFile.Find(config.Agent, context.Platform);
        if (!agent.TryGet(out AgentState? its)) throw new CliException(ExitCode.Problem, $"alerts are judged by gotop agent: {agent.Reason}");
        bool running = AgentStateFile.IsRunning(its, context.Platform);
        Reading<AlertsState> read = new AlertsFile(its.Folder).Read();
        if (!read.TryGet(out AlertsState? state)) throw new CliException(ExitCode.Problem, read.Reason ?? "not known");
        if (json) context.Output.WriteLine(AlertsFile.ToJson(state));
        else Print(context, state, running);
        return running ? ExitCode.Done : ExitCode.Problem;
    }

    public static int Test(CliContext context, string ruleName, string file, string? configFile, CancellationToken cancellation)
    {
        ImmutableArray<AlertRule> rules = context.LoadConfig(configFile).Config.AlertRules;
        if (rules.FirstOrDefault(one => string.Equals(one.Name, ruleName, StringComparison.OrdinalIgnoreCase)) is not { } rule)
            throw new CliException(ExitCode.Usage, $"there is no rule \"{ruleName}\"{NearestName.Hint(ruleName, rules.Select(one => one.Name))}; gotop alerts list names them");
        using RecordingReader recording = ReplayCommand.Open(file);
        // Whose it is does not matter here: the rule is tried on it.
        AlertEngine engine = new([rule with { Targets = [], Labels = ImmutableSortedDictionary<string, string>.Empty }], context.Time.LocalTimeZone);
        context.Output.WriteLine($"{rule.Name}: {Condition(rule)}");
        (int ticks, int damaged) = (0, 0);
        AlertPhase phase = AlertPhase.Inactive;
        foreach (RecordedObservation recorded in RecordedObservations.Of(recording))
        {
            cancellation.ThrowIfCancellationRequested();
            if (recorded.Observation is not { } observation)
            {
                damaged++;
                context.Error.WriteLine(recorded.Problem);
                continue;
            }

            ticks++;
            engine.Look(new AlertTarget(observation.Now.Target.Name, ImmutableSortedDictionary<string, string>.Empty), AlertMoment.Of(observation));
            RuleStatus now = engine.Status[^1];
            if (now.Phase != phase) context.Output.WriteLine($"{context.Local(now.At)} {Word(now.Phase),-9} {now.Why}");
            phase = now.Phase;
        }

        if (ticks == 0) throw new CliException(ExitCode.Problem, $"recording {file}: it holds no tick that can be read");
        RuleStatus last = engine.Status[^1];
        context.Output.WriteLine($"{ticks.ToString(CultureInfo.InvariantCulture)} ticks to {context.Local(last.At)}: it would have fired {Counted(last.TimesFired)}; at the end {Word(last.Phase)}: {last.Why}");
        return damaged > 0 ? ExitCode.Problem : ExitCode.Done;
    }

    private static void Print(CliContext context, AlertsState state, bool running)
    {
        TextWriter output = context.Output;
        if (!running) output.WriteLine($"the agent does not run; this is how it stood {context.Local(state.WrittenAt)}");
        foreach (AlertStanding alert in state.Alerts)
            output.WriteLine(PlainText.Clean($"FIRING {alert.Rule} of {alert.Target} since {context.Local(alert.FiredAt)}: {alert.Words}", 1000));
        foreach (RuleStanding rule in state.Rules.OrderBy(rule => rule.Target, StringComparer.Ordinal).ThenByDescending(rule => rule.Phase == AlertPhase.Firing))
        {
            string chance = rule.NextChance is { } next && rule.Phase != AlertPhase.Firing && next > state.WrittenAt ? $"; not before {context.Local(next)}" : "";
            string fired = rule.TimesFired > 0 ? $"; fired {Counted(rule.TimesFired)}, last {context.Local(rule.FiredAt!.Value)}" : "";
            output.WriteLine(PlainText.Clean($"{rule.Target,-16} {rule.Rule,-22} {Word(rule.Phase),-9} {rule.Why}{chance}{fired}", 1000));
        }

        foreach (ChannelStanding channel in state.Channels)
            output.WriteLine(PlainText.Clean($"channel {channel.Name} ({channel.Kind}): {channel.Sent.ToString(CultureInfo.InvariantCulture)} sent, {channel.Waiting.ToString(CultureInfo.InvariantCulture)} waiting{(channel.LastProblem is null ? "" : $"; {channel.LastProblem}")}", 1000));
    }

    private static string Condition(AlertRule rule) =>
        $"{rule.Condition.Describe()}{(rule.For > TimeSpan.Zero ? $" for {DurationText.Format(rule.For)}" : "")}";

    private static string Word(AlertPhase phase) => phase switch
    {
        AlertPhase.Firing => "FIRING",
        AlertPhase.Pending => "pending",
        AlertPhase.Resolved => "resolved",
        _ => "inactive",
    };

    private static string Counted(int times) => times == 1 ? "once" : $"{times.ToString(CultureInfo.InvariantCulture)} times";
}
