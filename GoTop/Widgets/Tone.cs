using GoTop.Engine.Diagnosis;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.Widgets;

/// <summary>What a piece of text means; the theme says how that looks.</summary>
public enum Tone : byte
{
    Normal,
    Dim,
    Title,
    Accent,
    Good,
    Warning,
    Critical,
}

/// <summary>From meaning to style. Without colours, emphasis tells apart what colours otherwise would.</summary>
public static class ToneStyles
{
    public static Style Style(this Theme theme, Tone tone) => tone switch
    {
        Tone.Dim => theme.DimText,
        Tone.Title => theme.TitleText,
        Tone.Accent => new Style(theme.Accent, theme.Background),
        Tone.Good => new Style(theme.Good, theme.Background),
        Tone.Warning => new Style(theme.Warning, theme.Background, Colourless(theme, Emphasis.Bold)),
        Tone.Critical => new Style(theme.Critical, theme.Background, Emphasis.Bold),
        _ => theme.Text,
    };

    /// <summary>The selected row: reverse video where the theme has no colour for it.</summary>
    public static Style SelectedRow(this Theme theme) =>
        theme.SelectionBackground.IsDefault ? theme.Selection with { Emphasis = Emphasis.Reverse } : theme.Selection;

    /// <summary>Column heads and the vital signs' line.</summary>
    public static Style HeadLine(this Theme theme) =>
        theme.HeaderBackground.IsDefault ? theme.Header with { Emphasis = Emphasis.Underline } : theme.Header;

    public static Style OnHeadLine(this Theme theme, Tone tone)
    {
        Style head = theme.HeadLine();
        return tone == Tone.Normal
            ? head
            : new Style(theme.Style(tone).Foreground, head.Background, head.Emphasis | theme.Style(tone).Emphasis);
    }

    public static Tone ToTone(this Severity severity) => severity switch
    {
        Severity.Critical => Tone.Critical,
        Severity.Warning => Tone.Warning,
        _ => Tone.Accent,
    };

    private static Emphasis Colourless(Theme theme, Emphasis emphasis) => theme.Foreground.IsDefault ? emphasis : Emphasis.None;
}
