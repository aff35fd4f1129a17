namespace GoTop.Screen;

/// <summary>The characters that graphs, bars and boxes are drawn with, by what the terminal's code page has.</summary>
/// <param name="Braille">Curves may use braille dots, 2 × 4 to a cell.</param>
/// <param name="Bars">Rising fill of a cell, from empty to full.</param>
public sealed record GlyphSet(
    bool Braille, string Bars, char Horizontal, char Vertical, char TopLeft, char TopRight, char BottomLeft, char BottomRight,
    char FilledBar, char EmptyBar, string Up, string Down, string Ellipsis, string Missing, string Bullet)
{
    public static GlyphSet Unicode { get; } = new(true, " ▁▂▃▄▅▆▇█", '─', '│', '╭', '╮', '╰', '╯', '█', '░', "▲", "▼", "…", "–", "●");

    public static GlyphSet Ascii { get; } = new(false, " ..:-=+*#", '-', '|', '+', '+', '+', '+', '#', '.', "^", "v", "~", "-", "*");
}
