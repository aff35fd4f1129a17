using System.Globalization;
using System.Text;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>
/// Whole screens as text files under <c>Golden/</c>. GOTOP_REWRITE_GOLDEN=1 writes them anew; look at the difference
/// before committing it.
/// </summary>
internal static class GoldenScreens
{
    /// <summary>Distinct colours for every role, so that a styled screen shows which role each cell has.</summary>
    public static Theme Theme { get; } = new()
    {
        Name = "golden",
        Background = Paint.Rgb(0, 0, 0),
        Foreground = Paint.Rgb(200, 200, 200),
        Dim = Paint.Rgb(100, 100, 100),
        Border = Paint.Rgb(60, 60, 60),
        Title = Paint.Rgb(120, 200, 255),
        Accent = Paint.Rgb(100, 180, 240),
        Good = Paint.Rgb(80, 220, 100),
        Warning = Paint.Rgb(255, 180, 60),
        Critical = Paint.Rgb(255, 80, 80),
        SelectionForeground = Paint.Rgb(10, 10, 10),
        SelectionBackground = Paint.Rgb(120, 200, 255),
        HeaderForeground = Paint.Rgb(220, 220, 220),
        HeaderBackground = Paint.Rgb(40, 60, 90),
        KeyForeground = Paint.Rgb(250, 250, 250),
        KeyBackground = Paint.Rgb(40, 60, 91),
        GraphLow = Paint.Rgb(80, 220, 101),
        GraphMiddle = Paint.Rgb(230, 200, 60),
        GraphHigh = Paint.Rgb(255, 80, 81),
        GraphSecond = Paint.Rgb(100, 140, 255),
        GraphThird = Paint.Rgb(200, 100, 255),
    };

    public static Canvas Draw(IPane pane, PaneInput input, GlyphSet? glyphs = null)
    {
        Canvas canvas = new(input.Width, input.Height);
        pane.Draw(input, new DrawContext(canvas.All, Theme, glyphs ?? GlyphSet.Unicode));
        return canvas;
    }

    public static void AssertSame(string name, string actual)
    {
        string path = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("GOTOP_REWRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"Golden/{name}.txt is missing: run the tests with GOTOP_REWRITE_GOLDEN=1 and look at it");
        string expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (expected != actual) Assert.Fail(Difference(name, expected, actual));
    }

    /// <summary>The text, and below it a letter for each cell's style; a legend says what each letter is.</summary>
    public static string Styled(Canvas canvas)
    {
        Dictionary<Style, char> letters = [];
        StringBuilder map = new(canvas.ToString());
        for (int y = 0; y < canvas.Height; y++)
        {
            foreach (ref readonly CanvasCell cell in canvas.Row(y))
            {
                if (!letters.TryGetValue(cell.Style, out char letter)) letters[cell.Style] = letter = (char)('a' + letters.Count);
                map.Append(letter);
            }

            map.Append('\n');
        }

        foreach ((Style style, char letter) in letters)
            map.Append(CultureInfo.InvariantCulture, $"{letter}: {Name(style.Foreground)} on {Name(style.Background)} {style.Emphasis}\n");
        return map.ToString();
    }

    private static string Name(Paint paint) => paint.IsDefault ? "default" : string.Create(CultureInfo.InvariantCulture, $"#{paint.R:x2}{paint.G:x2}{paint.B:x2}");

    private static string Difference(string name, string expected, string actual)
    {
        string[] before = expected.Split('\n'), now = actual.Split('\n');
        StringBuilder text = new($"Golden/{name}.txt differs:\n");
        for (int i = 0; i < Math.Max(before.Length, now.Length); i++)
        {
            string was = i < before.Length ? before[i] : "(no line)", isNow = i < now.Length ? now[i] : "(no line)";
            if (was != isNow) text.Append(CultureInfo.InvariantCulture, $"{i + 1} was {was}\n{i + 1} is  {isNow}\n");
        }

        return text.ToString();
    }
}
