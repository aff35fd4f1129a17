using System.CommandLine;
using GoTop.Engine.Config;

namespace GoTop.Cli;

/// <summary>The options that several commands share, made once so that they read the same everywhere.</summary>
internal sealed class CommonOptions
{
    public Option<string?> Config { get; } = new("--config") { Description = "Configuration file, in place of the user's gotop.toml.", HelpName = "FILE" };

    public Option<TimeSpan?> Interval { get; } = new("--interval", "-d") { Description = "Time between two readings, e.g. 1s, 250ms.", HelpName = "TIME", CustomParser = Durations.Parse };

    public Option<string?> Theme { get; } = new("--theme") { Description = "Colour theme, by its file's name.", HelpName = "NAME" };

    public Option<string?> Pane { get; } = new("--pane") { Description = "The pane to begin with.", HelpName = "ID" };

    public Option<bool> ReadOnly { get; } = new("--readonly") { Description = "Leave out every action that changes the target or the machine." };

    public Option<string?> Colours { get; } = OneOf(new("--colours", "--colors") { Description = "How many colours to use." }, "auto", "truecolor", "256", "16", "none");

    public Option<string?> Glyphs { get; } = OneOf(new("--glyphs") { Description = "Characters to draw graphs with." }, "auto", "unicode", "ascii");

    public Option<string?> Driver { get; } = OneOf(new("--driver") { Description = "Terminal driver." }, "auto", "ansi", "windows", "dotnet");

    public Option<bool> NoMouse { get; } = new("--no-mouse") { Description = "Leave the mouse to the terminal." };

    public void AddScreenOptions(Command command)
    {
        foreach (Option option in (Option[])[Config, Interval, Theme, Pane, ReadOnly, Colours, Glyphs, Driver, NoMouse]) command.Options.Add(option);
    }

    public ScreenSettings Screen(ParseResult result) => new(
        result.GetValue(Config),
        config => config with
        {
            Interval = result.GetValue(Interval) ?? config.Interval,
            Theme = result.GetValue(Theme) ?? config.Theme,
            Mouse = config.Mouse && !result.GetValue(NoMouse),
            ReadOnly = config.ReadOnly || result.GetValue(ReadOnly),
            Panes = config.Panes with { Initial = result.GetValue(Pane) ?? config.Panes.Initial },
            Colours = result.GetValue(Colours) switch
            {
                "auto" => ColourMode.Auto,
                "truecolor" => ColourMode.TrueColor,
                "256" => ColourMode.Palette256,
                "16" => ColourMode.Palette16,
                "none" => ColourMode.None,
                _ => config.Colours,
            },
            Glyphs = result.GetValue(Glyphs) switch
            {
                "auto" => GlyphMode.Auto,
                "unicode" => GlyphMode.Unicode,
                "ascii" => GlyphMode.Ascii,
                _ => config.Glyphs,
            },
            Driver = result.GetValue(Driver) switch
            {
                "auto" => DriverMode.Auto,
                "ansi" => DriverMode.Ansi,
                "windows" => DriverMode.Windows,
                "dotnet" => DriverMode.DotNet,
                _ => config.Driver,
            },
        });

    private static Option<string?> OneOf(Option<string?> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}

/// <summary>What the command line says of the screen: the configuration file, and what overrides it.</summary>
internal sealed record ScreenSettings(string? ConfigFile, Func<GoTopConfig, GoTopConfig> Override);
