using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.ScreenSim;

/// <summary>Colours for looking at; the product's come from theme files.</summary>
internal static class SimTheme
{
    public static Theme Night { get; } = new()
    {
        Name = "night",
        Background = Paint.Rgb(16, 18, 24),
        Foreground = Paint.Rgb(211, 215, 207),
        Dim = Paint.Rgb(125, 131, 144),
        Border = Paint.Rgb(70, 78, 96),
        Title = Paint.Rgb(138, 180, 248),
        Accent = Paint.Rgb(102, 204, 255),
        Good = Paint.Rgb(120, 200, 120),
        Warning = Paint.Rgb(240, 180, 80),
        Critical = Paint.Rgb(240, 90, 90),
        SelectionForeground = Paint.Rgb(255, 255, 255),
        SelectionBackground = Paint.Rgb(44, 82, 130),
        HeaderForeground = Paint.Rgb(220, 224, 232),
        HeaderBackground = Paint.Rgb(30, 36, 50),
        KeyForeground = Paint.Rgb(255, 255, 255),
        KeyBackground = Paint.Rgb(50, 60, 80),
        GraphLow = Paint.Rgb(80, 180, 120),
        GraphMiddle = Paint.Rgb(230, 200, 80),
        GraphHigh = Paint.Rgb(230, 90, 80),
        GraphSecond = Paint.Rgb(120, 150, 240),
        GraphThird = Paint.Rgb(200, 120, 220),
    };
}
