using System.Collections.Immutable;
using GoTop.App;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.Commands;

/// <summary>The screen: <c>gotop [TARGET]</c>.</summary>
internal static class ScreenCommand
{
    public static Task<int> RunAsync(CliContext context, ScreenSettings settings, string? target, CancellationToken cancellation) =>
        RunAsync(
            context, settings,
            async host =>
            {
                if (target is null) host.RefreshProcesses();
                else host.Watch(await host.ResolveAsync(target, cancellation).ConfigureAwait(false));
            },
            cancellation);

    /// <summary>The same with the fleet first.</summary>
    public static Task<int> RunFleetAsync(CliContext context, ScreenSettings settings, CancellationToken cancellation) =>
        RunAsync(context, settings, _ => Task.CompletedTask, cancellation, startsWithFleet: true);

    /// <param name="begin">Opens what is to be shown first. What it throws ends the command before the screen is up.</param>
    public static async Task<int> RunAsync(CliContext context, ScreenSettings settings, Func<ScreenHost, Task> begin, CancellationToken cancellation, bool startsWithFleet = false)
    {
        LoadedConfig loaded = context.LoadConfigQuietly(settings.ConfigFile);
        GoTopConfig config = settings.Override(loaded.Config);
        ThemeLoader themes = new(context.Locations.ThemeFolders);
        (ScreenOptions options, ImmutableArray<ConfigProblem> themeProblems) = Options(config, themes);
        ImmutableArray<ConfigProblem> problems = loaded.Problems.AddRange(themeProblems);
        using OwnLog log = OwnLog.ForScreen(config.Log, context.Time);
        using ScreenHost host = new(context, config, log);
        using ConfigWatcher? watcher = loaded.File is null ? null : new ConfigWatcher(loaded, context.ConfigLoader, context.Time);
        if (watcher?.WhyNotWatching is { } why) host.Logger.LogWarning("changes of {File} go unnoticed: {Reason}", loaded.File, why);
        watcher?.Changed += changed =>
        {
            try
            {
                GoTopConfig now = settings.Override(changed.Config);
                (ScreenOptions look, ImmutableArray<ConfigProblem> more) = Options(now, themes);
                host.Reconfigure(now, look, changed.Problems.AddRange(more));
            }
            catch (Exception e)
            {
                // On the watcher's thread it would end the program.
                host.Say($"the configuration could not be read again: {e.Message}");
            }
        };
        await begin(host).ConfigureAwait(false);
        if (!problems.IsEmpty) host.Report(problems, "");
        cancellation.ThrowIfCancellationRequested();
        return TopApplication.Run(host, startsWithFleet ? WithFleet(Panes(config)) : Panes(config), options with { StartsWithFleet = startsWithFleet }, context.Time);
    }

    /// <summary>Somebody who left it out of the panes' order has asked for it by its command.</summary>
    private static ImmutableArray<IPane> WithFleet(ImmutableArray<IPane> panes) =>
        panes.Any(pane => pane.Id == AppController.FleetPane) ? panes : panes.Add(PaneCatalog.All.First(pane => pane.Id == AppController.FleetPane));

    /// <summary>The panes in the order of the configuration, or all of them in their own.</summary>
    private static ImmutableArray<IPane> Panes(GoTopConfig config) => config.Panes.Order.IsEmpty
        ? PaneCatalog.All
        : [.. config.Panes.Order.Select(id => PaneCatalog.All.First(pane => pane.Id == id))];

    private static (ScreenOptions Options, ImmutableArray<ConfigProblem> Problems) Options(GoTopConfig config, ThemeLoader themes)
    {
        LoadedTheme theme = themes.Load(config.Theme);
        return (Options(config, theme.Theme, themes), theme.Problems);
    }

    private static ScreenOptions Options(GoTopConfig config, Theme theme, ThemeLoader themes) => new()
    {
        Theme = theme,
        Themes = [.. themes.Names.Select(name => themes.Load(name).Theme)],
        Mouse = config.Mouse,
        ReadOnly = config.ReadOnly,
        InitialPane = config.Panes.Initial,
        Keys = config.Keys.ToImmutableDictionary(),
        Colours = config.Colours switch
        {
            ColourMode.TrueColor => ColourDepth.TrueColour,
            ColourMode.Palette256 => ColourDepth.TwoHundredFiftySix,
            ColourMode.Palette16 => ColourDepth.Sixteen,
            ColourMode.None => ColourDepth.None,
            _ => null,
        },
        Glyphs = config.Glyphs switch
        {
            GlyphMode.Unicode => GlyphSet.Unicode,
            GlyphMode.Ascii => GlyphSet.Ascii,
            _ => null,
        },
        Driver = config.Driver switch
        {
            DriverMode.Ansi => "ansi",
            DriverMode.Windows => "windows",
            DriverMode.DotNet => "dotnet",
            _ => null,
        },
    };
}
