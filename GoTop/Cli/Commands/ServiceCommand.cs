using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Export;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace GoTop.Cli.Commands;

/// <param name="Capture">Null for what is configured.</param>
/// <param name="Environment">Names and values to restart with.</param>
internal sealed record RestartOptions(string Target, bool? Capture, ImmutableArray<string> Environment, string? Config, ActionOptions Action);

/// <summary><c>gotop restart</c> and <c>gotop service …</c>.</summary>
internal static class ServiceCommand
{
    public static Task<int> RestartAsync(CliContext context, RestartOptions options, CancellationToken cancellation) =>
        ActAsync(context, options.Target, options.Config, options.Action, async (target, config) =>
        {
            IncidentCapture? capture = (options.Capture ?? config.Control.CaptureBeforeRestart)
                ? new IncidentCapture(config.Capture, config.Control, () => TargetCondition.Unknown, ToolVersion.Text)
                : null;
            return await ServicePlans.RestartAsync(target.Service, target.Running, capture, EnvironmentNames.Parse(options.Environment), cancellation).ConfigureAwait(false);
        }, cancellation);

    public static Task<int> ActAsync(CliContext context, ControlKind kind, string target, string? config, ActionOptions action, CancellationToken cancellation) =>
        ActAsync(context, target, config, action, (found, _) => ServicePlans.OfAsync(kind, found.Service, cancellation), cancellation);

    public static Task<int> RecoveryAsync(CliContext context, string target, RecoveryPolicy wanted, string? config, ActionOptions action, CancellationToken cancellation) =>
        ActAsync(context, target, config, action, (found, _) => ServicePlans.RecoveryAsync(found.Service, wanted, cancellation), cancellation);

    public static async Task<int> StatusAsync(CliContext context, string target, string? configFile, bool json, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        ServiceStatus status = await TryAsync(async () =>
        {
            ServiceTarget found = await FindAsync(context, config, target, cancellation).ConfigureAwait(false);
            return await found.Service.ReadAsync(cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (json) context.Output.WriteLine(ExportJson.Write(ServiceDocument.Of(status)));
        else Print(context.Output, status);
        return status.State is ServiceState.Failed or ServiceState.Stopped ? ExitCode.Problem : ExitCode.Done;
    }

    private static void Print(TextWriter output, ServiceStatus status)
    {
        output.WriteLine($"{status.Name}{(status.DisplayName is null ? "" : $" ({status.DisplayName})")}, {status.Manager}");
        output.WriteLine($"  state        {status}");
        if (!status.DependsOn.IsEmpty) output.WriteLine($"  depends on   {string.Join(", ", status.DependsOn)}");
        if (!status.Dependants.IsEmpty) output.WriteLine($"  stop with it {string.Join(", ", status.Dependants)}");
        output.WriteLine($"  on failure   {(status.Recovery.TryGet(out string? recovery) ? recovery : $"not known: {status.Recovery.Reason}")}");
        string environment = status.Environment.TryGet(out ImmutableArray<KeyValuePair<string, string>> entries)
            ? string.Join(' ', entries.Where(entry => EnvironmentNames.All.Contains(entry.Key)).Select(entry => $"{entry.Key}={entry.Value}"))
            : $"not known: {status.Environment.Reason}";
        output.WriteLine(PlainText.Clean($"  Go variables {(environment.Length == 0 ? "none set" : environment)}", 500));
        if (status.CanPause) output.WriteLine("  it can be paused");
    }

    private static async Task<int> ActAsync(
        CliContext context, string target, string? configFile, ActionOptions action, Func<ServiceTarget, GoTopConfig, Task<ControlPlan>> plan, CancellationToken cancellation)
    {
        GoTopConfig config = context.LoadConfig(configFile).Config;
        (ServiceTarget found, ControlPlan wanted) = await TryAsync(async () =>
        {
            ServiceTarget service = await FindAsync(context, config, target, cancellation).ConfigureAwait(false);
            return (service, await plan(service, config).ConfigureAwait(false));
        }).ConfigureAwait(false);
        return await new ActionConsole(context, action, config, found.Settings.Rules, found.Name).RunAsync([wanted], cancellation).ConfigureAwait(false);
    }

    private static Task<ServiceTarget> FindAsync(CliContext context, GoTopConfig config, string target, CancellationToken cancellation) =>
        ServiceTarget.FindAsync(context, new TargetOpener(context.Platform, context.Finder, context.Time, NullLogger.Instance), config, target, cancellation);

    private static async Task<T> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (ControlException problem)
        {
            throw new CliException(problem.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem, problem.Message);
        }
    }
}
