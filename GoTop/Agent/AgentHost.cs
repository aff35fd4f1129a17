using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Cli;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace GoTop.Agent;

/// <summary>
/// Runs the agent in the foreground, under systemd or under Windows' service manager: .NET's Generic Host takes their signals and
/// tells them how far it is.
/// </summary>
internal static class AgentHost
{
    /// <summary>For targets to be closed, recordings to be written and consumers to end; the unit's TimeoutStopSec is longer.</summary>
    public static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);

    /// <summary>systemd waits to be told that it is ready.</summary>
    private static bool IsNotified => OperatingSystem.IsLinux() && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <param name="asService">Started by Windows' service manager.</param>
    public static async Task<int> RunAsync(CliContext context, string? configFile, bool asService, CancellationToken cancellation)
    {
        LoadedConfig loaded = context.LoadConfigQuietly(configFile);
        using IHost host = Build(context, loaded, asService);
        AgentWorker worker = host.Services.GetRequiredService<AgentWorker>();
        // The host disposes of its services when it has run.
        AgentRun run = host.Services.GetRequiredService<AgentRun>();
        ILogger log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("gotop");
        using ConfigWatcher? watcher = loaded.File is null ? null : new ConfigWatcher(loaded, context.ConfigLoader, context.Time);
        if (watcher?.WhyNotWatching is { } why) log.LogWarning("changes of {File} go unnoticed until SIGHUP: {Reason}", loaded.File, why);
        watcher?.Changed += worker.Reconfigure;
        using PosixSignalRegistration? hangup = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            log.LogInformation("SIGHUP: {File} is read again", loaded.File ?? "no configuration");
            watcher?.ReadAgain();
        });
        try
        {
            await host.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (AgentException problem)
        {
            throw new CliException(ExitCode.Problem, problem.Message);
        }

        return run.Failed ? ExitCode.Problem : ExitCode.Done;
    }

    private static IHost Build(CliContext context, LoadedConfig loaded, bool asService)
    {
        // Empty: nothing is read from appsettings.json or the environment.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "gotop" });
        AddLogging(builder, loaded.Config);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopDeadline);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.AddSingleton(services => new AgentWorker(
            new AgentParts(context.Platform, context.Finder, context.Time, services.GetRequiredService<ILoggerFactory>().CreateLogger("gotop"), ToolVersion.Text), loaded, ConsumerCatalog.All));
        builder.Services.AddSingleton<AgentRun>();
        if (OperatingSystem.IsWindows() && asService) builder.Services.AddSingleton<IHostLifetime, WindowsAgentLifetime>();
        else if (OperatingSystem.IsLinux()) AddSystemd(builder.Services, context.Time);
        builder.Services.AddHostedService(services => services.GetRequiredService<AgentRun>());
        return builder.Build();
    }

    /// <summary>
    /// By the socket that a unit with Type=notify gives: the package's own test, that the parent is called systemd, fails behind a wrapper.
    /// The ping is stopped last, as it was added first.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static void AddSystemd(IServiceCollection services, TimeProvider time)
    {
        if (!IsNotified) return;
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
        services.AddHostedService(provider => new WatchdogPing(
            provider.GetRequiredService<AgentWorker>(), provider.GetRequiredService<ISystemdNotifier>(), time, provider.GetRequiredService<ILoggerFactory>().CreateLogger("gotop")));
    }

    private static void AddLogging(HostApplicationBuilder builder, GoTopConfig config)
    {
        builder.Logging.SetMinimumLevel(config.Log.Level);
        // The host's own words add nothing to the agent's.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // The journal has times of its own, and wants a level in front of the line.
        if (IsNotified) builder.Logging.AddSystemdConsole();
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            });
        }

        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (config.Log.Level == LogLevel.None) return;
        builder.Logging.AddProvider(new OwnLogFileProvider(
            config.Log, Path.Combine(config.Agent.FolderOrUsual, "agent.log"), TimeProvider.System,
            problem => Console.Error.WriteLine($"gotop: {OwnLogWords.OfFile(problem)}")));
    }
}
