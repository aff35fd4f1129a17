using System.Text.RegularExpressions;
using GoTop.Engine.Config;
using GoTop.Engine.Config.Toml;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Themes;
using Xunit;

namespace GoTop.Tests.Themes;

public sealed partial class ShippedThemesTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "themes");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.toml").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_loads_and_is_built_in(string name)
    {
        LoadedTheme loaded = new ThemeLoader([Folder]).Load(name);
        Assert.Empty(loaded.Problems);
        Assert.Equal(loaded.Theme, new ThemeLoader([]).Load(name).Theme);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_text_and_graphs_stand_out_enough(string name)
    {
        Theme theme = new ThemeLoader([Folder]).Load(name).Theme;
        foreach ((string what, Paint paint, Paint on) in (ReadOnlySpan<(string, Paint, Paint)>)
            [
                ("foreground", theme.Foreground, theme.Background), ("title", theme.Title, theme.Background), ("accent", theme.Accent, theme.Background),
                ("good", theme.Good, theme.Background), ("warning", theme.Warning, theme.Background), ("critical", theme.Critical, theme.Background),
                ("selection", theme.SelectionForeground, theme.SelectionBackground), ("header", theme.HeaderForeground, theme.HeaderBackground),
                ("key", theme.KeyForeground, theme.KeyBackground),
            ])
        {
            Assert.True(Contrast(paint, on) >= 4.5, $"{name}: {what} has a contrast of {Contrast(paint, on):F2}");
        }

        // The line of vital signs uses the colours of how things stand on the header's background.
        foreach ((string what, Paint paint, Paint on) in (ReadOnlySpan<(string, Paint, Paint)>)
            [
                ("dim", theme.Dim, theme.Background), ("low", theme.GraphLow, theme.Background), ("middle", theme.GraphMiddle, theme.Background),
                ("high", theme.GraphHigh, theme.Background), ("second", theme.GraphSecond, theme.Background), ("third", theme.GraphThird, theme.Background),
                ("dim in the header", theme.Dim, theme.HeaderBackground), ("good in the header", theme.Good, theme.HeaderBackground),
                ("warning in the header", theme.Warning, theme.HeaderBackground), ("critical in the header", theme.Critical, theme.HeaderBackground),
            ])
        {
            Assert.True(Contrast(paint, on) >= 3, $"{name}: {what} has a contrast of {Contrast(paint, on):F2}");
        }
    }

    [Fact]
    public void The_theme_for_the_colour_blind_keeps_good_warning_and_critical_apart_for_them()
    {
        Theme theme = new ThemeLoader([Folder]).Load("colour-blind").Theme;
        Paint[] paints = [theme.Good, theme.Warning, theme.Critical];
        for (int i = 0; i < paints.Length; i++)
        {
            for (int j = 0; j < i; j++) Assert.True(DistanceToDeuteranope(paints[i], paints[j]) > 25, $"{i} and {j}: {DistanceToDeuteranope(paints[i], paints[j]):F1}");
        }
    }

    [Fact]
    public void The_measure_of_colour_blindness_finds_red_and_green_alike() =>
        Assert.True(DistanceToDeuteranope(Paint.Rgb(0xa0, 0x78, 0x20), Paint.Rgb(0x70, 0x88, 0x20)) < 12);

    [Fact]
    public void The_read_me_explains_every_key_and_no_other_and_names_every_theme()
    {
        string readMe = File.ReadAllText(Path.Combine(Folder, "README.md"));
        ProblemList problems = new("none");
        ThemeLoader.Read("none", new TomlTable(new TomlPosition(1, 1), []), problems);
        Assert.Equal(problems.KnownKeys, KeyRow().Matches(readMe).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(Names, name => Assert.Contains($"`{name.Data}`", readMe, StringComparison.Ordinal));
    }

    [Fact]
    public void They_lie_beside_the_executable() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "themes", "gotop-dark.toml")));

    /// <summary>WCAG 2's contrast ratio, 1 to 21.</summary>
    private static double Contrast(Paint a, Paint b)
    {
        double x = Luminance(a), y = Luminance(b);
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(Paint paint) => (0.2126 * Linear(paint.R)) + (0.7152 * Linear(paint.G)) + (0.0722 * Linear(paint.B));

    private static double Linear(byte channel) => channel / 255.0 is var c && c <= 0.03928 ? c / 12.92 : Math.Pow(((channel / 255.0) + 0.055) / 1.055, 2.4);

    /// <summary>CIE76 difference as somebody sees it who lacks the green cones (Machado and others, 2009).</summary>
    private static double DistanceToDeuteranope(Paint a, Paint b)
    {
        (double L, double A, double B) x = Lab(a), y = Lab(b);
        return Math.Sqrt(Math.Pow(x.L - y.L, 2) + Math.Pow(x.A - y.A, 2) + Math.Pow(x.B - y.B, 2));

        static (double L, double A, double B) Lab(Paint paint)
        {
            double r = Linear(paint.R), g = Linear(paint.G), b = Linear(paint.B);
            (r, g, b) = ((0.367322 * r) + (0.860646 * g) - (0.227968 * b), (0.280085 * r) + (0.672501 * g) + (0.047413 * b), (-0.011820 * r) + (0.042940 * g) + (0.968881 * b));
            double x = F(((0.4124 * r) + (0.3576 * g) + (0.1805 * b)) / 0.9505), y = F((0.2126 * r) + (0.7152 * g) + (0.0722 * b)), z = F(((0.0193 * r) + (0.1192 * g) + (0.9505 * b)) / 1.089);
            return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
        }

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);
    }

    [GeneratedRegex("^\\| `([a-z_]+)` \\| [^|]+ \\|$", RegexOptions.Multiline)]
    private static partial Regex KeyRow();
}
