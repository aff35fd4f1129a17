using System.Globalization;
using GoTop.Actions;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Installation;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Discovery;
using GoTop.Engine.Platform;
using GoTop.Panes;
using GoTop.Themes;

namespace GoTop.Cli;

/// <summary>
/// What commands share, put together by hand. Each part is made when first asked for: <c>gotop --version</c> needs none.
/// </summary>
internal sealed class CliContext(TextWriter output, TextWriter error, TimeProvider time)
{
    private IPlatform? _platform;
    private GoProcessFinder? _finder;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public TimeProvider Time { get; } = time;

    /// <summary>Standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Where answers to questions come from; null for the terminal, if there is one.</summary>
    public TextReader? Input { get; init; }

    public IPlatform Platform => _platform ??= HostPlatform.Detect(Time);

    public GoProcessFinder Finder => _finder ??= new GoProcessFinder(Platform, Time);

    /// <summary>Where service managers are found, in place of the system's own, for tests.</summary>
    public Func<ControlSettings, ServiceFinder>? ServicesForTests { get; init; }

    /// <summary>The agent as a service, in place of the system's own, for tests.</summary>
    public Func<ControlSettings, IAgentService?>? AgentServiceForTests { get; init; }

    /// <summary>Where the agent keeps what it knows of alerts, in place of its own folder, for tests.</summary>
    public string? AlertsFolderForTests { get; init; }

    /// <summary>The folder of the agent that runs on this machine, or ran last; else of the one that this configuration would make.</summary>
    public string AlertsFolder(AgentSettings settings) =>
        AlertsFolderForTests ?? (AgentStateFile.Find(settings, Platform).TryGet(out AgentState? agent) ? agent.Folder : settings.FolderOrUsual);

    public ConfigLocations Locations { get; } = ConfigLocations.OfThisUser();

    public ConfigLoader ConfigLoader => new(Vocabulary, Environment.GetEnvironmentVariable);

    public ServiceFinder Services(ControlSettings settings) => ServicesForTests?.Invoke(settings) ?? new ServiceFinder(Platform, settings, Time);

    /// <summary>The agent as a service of this machine; null where there is no service manager.</summary>
    public IAgentService? AgentService(ControlSettings settings) => AgentServiceForTests is { } test ? test(settings) : AgentServiceFinder.Find(settings, Time);

    /// <summary>A moment as the clock on this machine's wall has it.</summary>
    public string Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private ConfigVocabulary Vocabulary => new()
    {
        Actions = [.. ActionCatalog.All.Select(action => action.Id)],
        Themes = new ThemeLoader(Locations.ThemeFolders).Names,
        Panes = [.. PaneCatalog.All.Select(pane => pane.Id)],
        IsKey = text => KeyStroke.TryParse(text, out _, out _),
    };

    /// <summary>The configuration; its problems go to standard error, and the sound rest of it holds.</summary>
    public LoadedConfig LoadConfig(string? given)
    {
        LoadedConfig loaded = LoadConfigQuietly(given);
        foreach (ConfigProblem problem in loaded.Problems) Error.WriteLine(problem);
        return loaded;
    }

    /// <summary>The same without a word: the screen shows the problems itself.</summary>
    public LoadedConfig LoadConfigQuietly(string? given)
    {
        if (given is not null && !File.Exists(given))
            throw new CliException(ExitCode.Usage, $"{given}: no such configuration file (--config)");
        return ConfigLoader.Load(Locations, given);
    }
}
