using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <param name="Rule">A pattern, likewise <paramref name="Target"/>.</param>
internal sealed record SilenceOptions(string Rule, string Target, TimeSpan Length, string Comment, bool ReadOnly, string? Config);

/// <summary><c>gotop alerts silence</c> and <c>gotop alerts silences</c>. Who silenced what stands in the audit log.</summary>
internal static class SilenceCommand
{
    private const int LongestText = 200;

    /// <summary>Not of a target, so no target's rules speak of it.</summary>
    private static readonly ControlKind Kind = new("silence", "tell nobody of alerts for a while");

    public static async Task<int> AddAsync(CliContext context, SilenceOptions options, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(options.Config).Config;
        SilenceFile file = new(context.AlertsFolder(config.Agent), context.Time);
        DateTimeOffset now = context.Time.GetUtcNow();
        Actor actor = Actor.OfThisProcess(Environment.GetEnvironmentVariable);
        Silence silence = new(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), PlainText.Clean(options.Rule, LongestText), PlainText.Clean(options.Target, LongestText),
            now, now + options.Length, actor.Behind ?? actor.User, PlainText.Clean(options.Comment, LongestText));
        if (!config.AlertRules.Any(rule => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(silence.Rule, rule.Name)))
            context.Error.WriteLine($"gotop: note: no rule is named {silence.Rule}{NearestName.Hint(silence.Rule, config.AlertRules.Select(rule => rule.Name))}");
        await RunAsync(context, config, options.ReadOnly, actor, file, silence.Target, $"tell nobody of {Words(silence)}", cancellation => file.AddAsync(silence, cancellation), cancellation).ConfigureAwait(false);
        context.Output.WriteLine($"silenced as {silence.Id}: {Words(silence)}; gotop alerts silences --remove {silence.Id} ends it");
        return ExitCode.Done;
    }

    public static async Task<int> RemoveAsync(CliContext context, string id, bool readOnly, string? configFile, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        SilenceFile file = new(context.AlertsFolder(config.Agent), context.Time);
        Silence silence = file.Read().FirstOrDefault(silence => silence.Id == id) ?? throw new CliException(ExitCode.Problem, $"there is no silence {PlainText.Clean(id, LongestText)}; gotop alerts silences lists them");
        await RunAsync(
            context, config, readOnly, Actor.OfThisProcess(Environment.GetEnvironmentVariable), file, silence.Target, $"end the silence {id} of {Words(silence)}", cancellation => file.RemoveAsync(id, cancellation),
            cancellation).ConfigureAwait(false);
        context.Output.WriteLine($"ended: {Words(silence)}");
        return ExitCode.Done;
    }

    public static int List(CliContext context, string? configFile)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        SilenceFile file = new(context.AlertsFolder(config.Agent), context.Time);
        ImmutableArray<Silence> silences = Holding(file, context.Time);
        foreach (Silence silence in silences) context.Output.WriteLine($"{silence.Id}  {Words(silence)}, by {silence.By}{(silence.Comment.Length > 0 ? $": {silence.Comment}" : "")}");
        foreach (PlannedSilence planned in config.Alerts.Silences)
        {
            context.Output.WriteLine(
                $"gotop.toml  {All(planned.Rules, "rules")} on {All(planned.Targets, "targets")}, {string.Join(", ", planned.Windows)}{(planned.Comment.Length > 0 ? $": {PlainText.Clean(planned.Comment, LongestText)}" : "")}");
        }

        if (silences.IsEmpty && config.Alerts.Silences.IsEmpty) context.Output.WriteLine("nothing is silenced");
        return file.Problem is null ? ExitCode.Done : throw new CliException(ExitCode.Problem, file.Problem);

        static string All(ImmutableArray<string> patterns, string what) => patterns.IsEmpty ? $"all {what}" : string.Join(", ", patterns);
    }

    private static async Task RunAsync(
        CliContext context, GoTopConfig config, bool readOnly, Actor actor, SilenceFile file, string target, string summary, Func<CancellationToken, Task> write, CancellationToken cancellation)
    {
        ControlPlan plan = new()
        {
            Kind = Kind,
            Target = target,
            Summary = summary,
            Before = Told(file, context.Time),
            Steps = [new ControlStep($"write {file.Path}", work => WriteAsync(write, work.Cancellation))],
            ReadBack = _ => Task.FromResult(Told(file, context.Time)),
        };
        ActionGate gate = new(ActionRules.None, actor, readOnly || config.ReadOnly, context.Time);
        ControlProgress progress = await new ControlSession(plan, gate, new AuditLog(config.Audit, context.Time), context.Time).RunAsync(cancellation).ConfigureAwait(false);
        if (progress.Outcome != ControlOutcome.Done) throw new CliException(progress.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem, progress.Reason ?? "it failed");
        if (progress.AuditProblem is { } problem) context.Error.WriteLine($"gotop: the result does not stand in the audit log: {problem}");
    }

    private static async Task WriteAsync(Func<CancellationToken, Task> write, CancellationToken cancellation)
    {
        try
        {
            await write(cancellation).ConfigureAwait(false);
        }
        catch (SilenceException refused)
        {
            throw new ControlException(refused.Message) { IsDenied = refused.IsDenied };
        }
    }

    private static ImmutableArray<Silence> Holding(SilenceFile file, TimeProvider time) => [.. file.Read().Where(silence => silence.Until > time.GetUtcNow()).OrderBy(silence => silence.Until)];

    private static string Told(SilenceFile file, TimeProvider time) =>
        Holding(file, time) is { IsEmpty: false } silences ? $"silenced: {string.Join("; ", silences.Select(Words))}" : "nothing is silenced";

    private static string Words(Silence silence) =>
        $"{silence.Rule} on {(silence.Target == "*" ? "all targets" : silence.Target)} until {silence.Until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
}
