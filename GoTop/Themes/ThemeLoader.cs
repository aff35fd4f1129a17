using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using GoTop.Engine.Config;
using GoTop.Engine.Config.Toml;
using GoTop.Screen;

namespace GoTop.Themes;

/// <summary>A theme, and what is wrong with its file: then the theme is the built-in default.</summary>
public sealed record LoadedTheme(Theme Theme, ImmutableArray<ConfigProblem> Problems);

/// <summary>
/// Finds and reads themes: <c>NAME.toml</c> in the given folders, where a later folder goes before an earlier one, or
/// else among those built into the executable, so that it looks right even when it is copied without its folders.
/// </summary>
public sealed class ThemeLoader(ImmutableArray<string> folders)
{
    private const string Extension = ".toml";
    private const string ResourcePrefix = "themes/";

    /// <summary>The default, without a file.</summary>
    public static Theme BuiltIn { get; } = ReadBuiltIn(GoTopConfig.Default.Theme) ?? Theme.Monochrome;

    /// <summary>Every theme there is, in the order of the alphabet.</summary>
    public ImmutableArray<string> Names =>
        [.. BuiltInNames().Concat(folders.SelectMany(Files).Select(Path.GetFileNameWithoutExtension).OfType<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public LoadedTheme Load(string name)
    {
        // Only what a folder lists is opened: a name cannot lead anywhere else.
        string? file = folders.Reverse().SelectMany(Files).FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == name);
        if (file is not null)
        {
            ProblemList problems = new(file);
            return TomlParser.ParseFile(file, problems) is { } table ? Read(name, table, problems) : Broken(problems);
        }

        if (ReadBuiltIn(name) is { } builtIn) return new LoadedTheme(builtIn, []);
        ProblemList missing = new(name + Extension);
        missing.Add($"there is no theme \"{name}\"; there are {string.Join(", ", Names)}");
        return Broken(missing);
    }

    /// <summary>Reads a theme's text; for messages it is called by its file's name.</summary>
    public static LoadedTheme Parse(string name, string text, string file)
    {
        ProblemList problems = new(file);
        return Read(name, TomlParser.Parse(text, problems), problems);
    }

    internal static LoadedTheme Read(string name, TomlTable table, ProblemList problems)
    {
        TableReader reader = new(table, "", problems);
        Paint Colour(string key) => ReadColour(reader, key);
        Theme theme = new()
        {
            Name = name,
            Background = Colour("background"),
            Foreground = Colour("foreground"),
            Dim = Colour("dim"),
            Border = Colour("border"),
            Title = Colour("title"),
            Accent = Colour("accent"),
            Good = Colour("good"),
            Warning = Colour("warning"),
            Critical = Colour("critical"),
            SelectionForeground = Colour("selection_foreground"),
            SelectionBackground = Colour("selection_background"),
            HeaderForeground = Colour("header_foreground"),
            HeaderBackground = Colour("header_background"),
            KeyForeground = Colour("key_foreground"),
            KeyBackground = Colour("key_background"),
            GraphLow = Colour("graph_low"),
            GraphMiddle = Colour("graph_middle"),
            GraphHigh = Colour("graph_high"),
            GraphSecond = Colour("graph_second"),
            GraphThird = Colour("graph_third"),
        };
        reader.Finish();
        // Half of one theme and half of another would be unreadable.
        return problems.IsEmpty ? new LoadedTheme(theme, []) : Broken(problems);
    }

    private static LoadedTheme Broken(ProblemList problems) => new(BuiltIn, problems.ToImmutable());

    private static Paint ReadColour(TableReader reader, string key)
    {
        if (reader.Find(key) is null)
        {
            reader.Report(key, $"the colour \"{key}\" is missing");
            return default;
        }

        if (reader.Text(key) is not { } text || text == "default") return Paint.TerminalDefault;
        if (text.Length == 7 && text[0] == '#' && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb))
            return Paint.Rgb((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        reader.Report(key, $"\"{key}\" must be a colour such as \"#12ab9f\", or \"default\" for the terminal's own, not \"{text}\"");
        return default;
    }

    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> BuiltInNames() =>
        typeof(ThemeLoader).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..^Extension.Length]);

    private static Theme? ReadBuiltIn(string name)
    {
        Assembly assembly = typeof(ThemeLoader).Assembly;
        using Stream? stream = assembly.GetManifestResourceStream(ResourcePrefix + name + Extension);
        if (stream is null) return null;
        using StreamReader text = new(stream);
        ProblemList problems = new(ResourcePrefix + name + Extension);
        LoadedTheme loaded = Read(name, TomlParser.Parse(text.ReadToEnd(), problems), problems);
        // A test proves that no theme built in has a problem.
        return loaded.Problems.IsEmpty ? loaded.Theme : null;
    }
}
