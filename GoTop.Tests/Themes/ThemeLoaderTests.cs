using GoTop.Engine.Config;
using GoTop.Screen;
using GoTop.Themes;
using Xunit;

namespace GoTop.Tests.Themes;

public sealed class ThemeLoaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-themes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_any_folder_the_themes_built_in_are_there()
    {
        ThemeLoader loader = new([]);
        Assert.Contains("gotop-dark", loader.Names);
        Assert.Contains("gotop-light", loader.Names);
        LoadedTheme loaded = loader.Load("gotop-dark");
        Assert.Empty(loaded.Problems);
        Assert.Equal(ThemeLoader.BuiltIn, loaded.Theme);
        Assert.Equal("gotop-dark", ThemeLoader.BuiltIn.Name);
    }

    [Fact]
    public void A_file_goes_before_the_theme_built_in_and_a_later_folder_before_an_earlier()
    {
        string program = _folder.CreateSubdirectory("program").FullName, user = _folder.CreateSubdirectory("user").FullName;
        File.WriteAllText(Path.Combine(program, "gotop-dark.toml"), Text("#000001"));
        Assert.Equal(Paint.Rgb(0, 0, 1), new ThemeLoader([program, user]).Load("gotop-dark").Theme.Background);
        File.WriteAllText(Path.Combine(user, "gotop-dark.toml"), Text("#000002"));
        File.WriteAllText(Path.Combine(user, "mine.toml"), Text("default"));
        ThemeLoader loader = new([program, user, Path.Combine(_folder.FullName, "missing")]);
        Assert.Equal(Paint.Rgb(0, 0, 2), loader.Load("gotop-dark").Theme.Background);
        Assert.Contains("mine", loader.Names);
        Assert.True(loader.Load("mine").Theme.Background.IsDefault);
    }

    [Fact]
    public void Problems_have_their_place_and_the_default_takes_the_themes_place()
    {
        LoadedTheme loaded = ThemeLoader.Parse("mine", Text("#12345g").Replace("dim =", "dimm =", StringComparison.Ordinal).Replace("border = \"#abcdef\"", "border = 7", StringComparison.Ordinal), "mine.toml");
        Assert.Equal(
            [
                "mine.toml:1:1: the colour \"dim\" is missing",
                "mine.toml:1:14: \"background\" must be a colour such as \"#12ab9f\", or \"default\" for the terminal's own, not \"#12345g\"",
                "mine.toml:3:1: unknown key \"dimm\"; did you mean \"dim\"?",
                "mine.toml:4:10: \"border\" must be a string, not an integer",
            ],
            loaded.Problems.Select(p => p.ToString()));
        Assert.Equal(ThemeLoader.BuiltIn, loaded.Theme);
    }

    [Theory]
    [InlineData("#fff")]
    [InlineData("#+12345")]
    [InlineData("# 12345")]
    [InlineData("red")]
    [InlineData("")]
    public void What_is_no_colour_is_refused(string colour) => Assert.Single(ThemeLoader.Parse("mine", Text(colour), "mine.toml").Problems);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("../secret")]
    [InlineData("")]
    public void A_theme_that_is_not_listed_is_not_looked_for(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.toml"), Text("#000000"));
        LoadedTheme loaded = new ThemeLoader([_folder.CreateSubdirectory("themes").FullName]).Load(name);
        ConfigProblem problem = Assert.Single(loaded.Problems);
        Assert.Contains("there is no theme", problem.Message, StringComparison.Ordinal);
        Assert.Equal(ThemeLoader.BuiltIn, loaded.Theme);
    }

    private static string Text(string background)
    {
        string[] keys =
        [
            "foreground", "dim", "border", "title", "accent", "good", "warning", "critical", "selection_foreground", "selection_background", "header_foreground",
            "header_background", "key_foreground", "key_background", "graph_low", "graph_middle", "graph_high", "graph_second", "graph_third",
        ];
        return $"background = \"{background}\"\n" + string.Concat(keys.Select(key => $"{key} = \"#abcdef\"\n"));
    }
}
