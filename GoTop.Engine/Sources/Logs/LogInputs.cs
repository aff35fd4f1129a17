using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Logs.Containers;
using GoTop.Engine.Sources.Logs.Files;
using GoTop.Engine.Sources.Logs.Journal;
using GoTop.Engine.Sources.Logs.WindowsEvents;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// What a target's lines come from: what the configuration names, or else the log files that it has open and its container's or
/// unit's own log.
/// </summary>
internal static class LogInputs
{
    private const string SystemdJournal = "/run/systemd/journal";

    /// <summary>What is followed, by the configuration or by itself; empty when there is nothing.</summary>
    public static ImmutableArray<LogLocation> Of(TargetContext context)
    {
        if (!context.Settings.Logs.IsEmpty) return [.. context.Settings.Logs.Select(LogLocation.Parse)];
        if (context.Target.Process is not { } process) return [];
        ImmutableArray<LogLocation> open = [.. context.Platform.LogFilesOf(process).ValueOr([]).Select(file => new LogLocation(LogLocationKind.File, file))];
        return OperatingSystem.IsLinux() ? [.. open, .. OfRuntime(context, process)] : open;
    }

    /// <summary>What the container runtime or systemd keeps of its output.</summary>
    private static ImmutableArray<LogLocation> OfRuntime(TargetContext context, ProcessKey process)
    {
        if (context.Platform.ReadContainer(process).TryGet(out ContainerCounters? container) && ContainerLogFiles.IdOf(container.Group) is { } id)
        {
            ImmutableArray<string> files = new ContainerLogFiles("/").OfId(id);
            if (!files.IsEmpty) return [.. files.Select(file => new LogLocation(LogLocationKind.File, file))];
        }

        return context.Target.Service.TryGet(out string? unit) && Directory.Exists(SystemdJournal) && FindProgram(JournalInput.Program) is not null
            ? [new LogLocation(LogLocationKind.Journal, unit)]
            : [];
    }

    /// <summary>Why nothing is found without a configuration, to go after other words.</summary>
    public static string WhyNoneOpen(TargetContext context) =>
        context.Target.Process is { } process && context.Platform.LogFilesOf(process).Reason is { } reason ? $"; {reason}" : "";

    public static ImmutableArray<ILogInput> Open(TargetContext context, ImmutableArray<LogLocation> locations, LogIntake intake)
    {
        List<ILogInput> inputs = [];
        List<string> files = [];
        foreach (LogLocation location in locations.Distinct())
        {
            switch (location.Kind)
            {
                case LogLocationKind.Journal:
                    inputs.Add(new JournalInput(location.Name, intake, context.Time));
                    break;
                case LogLocationKind.EventLog when OperatingSystem.IsWindows():
                    inputs.Add(new EventLogInput(location.Name, context.Target.Service.ValueOr(null), new WindowsEventLogQuery(), intake, context.Time));
                    break;
                case LogLocationKind.EventLog:
                    inputs.Add(new NoInput($"event log {location.Name}: event logs are Windows'"));
                    break;
                case LogLocationKind.Container when new ContainerLogFiles("/").OfName(location.Name) is { } file:
                    files.Add(file);
                    break;
                case LogLocationKind.Container:
                    inputs.Add(new NoInput($"no log file of a Docker container {location.Name} can be read (json-file driver, as root)"));
                    break;
                default:
                    files.Add(location.Name);
                    break;
            }
        }

        if (files.Count > 0)
            inputs.Add(new FileInput([.. files], intake, context.Settings.LogEncoding is { } name ? TextDecoding.Find(name) : null, context.Platform, context.Time, OpenedLater(context)));
        return [.. inputs];
    }

    /// <summary>A process begins another file now and then; those that the configuration names are all that is wanted where it names some.</summary>
    private static Func<Reading<ImmutableArray<string>>>? OpenedLater(TargetContext context) =>
        context.Settings.Logs.IsEmpty && context.Target.Process is { } process ? () => context.Platform.LogFilesOf(process) : null;

    private static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>What can never be read here.</summary>
    private sealed class NoInput(string problem) : ILogInput
    {
        public int Logs => 1;

        public ImmutableArray<LogProblem> Problems { get; } = [new(LogProblemKind.Unreadable, problem)];

        public Task RunAsync(CancellationToken cancellation) => Task.CompletedTask;

        public void Catch(CancellationToken cancellation)
        {
            // There is nothing.
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
