using GoTop.Screen;

namespace GoTop.Themes;

/// <summary>A colour for each role. A theme file names every one of them; see themes/README.md.</summary>
public sealed record Theme
{
    public required string Name { get; init; }

    public required Paint Background { get; init; }

    public required Paint Foreground { get; init; }

    /// <summary>Units, labels, stale values.</summary>
    public required Paint Dim { get; init; }

    public required Paint Border { get; init; }

    public required Paint Title { get; init; }

    public required Paint Accent { get; init; }

    public required Paint Good { get; init; }

    public required Paint Warning { get; init; }

    public required Paint Critical { get; init; }

    public required Paint SelectionForeground { get; init; }

    public required Paint SelectionBackground { get; init; }

    /// <summary>Column heads and the vital signs' line.</summary>
    public required Paint HeaderForeground { get; init; }

    public required Paint HeaderBackground { get; init; }

    /// <summary>The keys in the footer.</summary>
    public required Paint KeyForeground { get; init; }

    public required Paint KeyBackground { get; init; }

    /// <summary>Gradient of bars and curves: low, middle and high values.</summary>
    public required Paint GraphLow { get; init; }

    public required Paint GraphMiddle { get; init; }

    public required Paint GraphHigh { get; init; }

    /// <summary>Second and third curve in one graph (heap goal, memory limit).</summary>
    public required Paint GraphSecond { get; init; }

    public required Paint GraphThird { get; init; }

    public Style Text => new(Foreground, Background);

    public Style DimText => new(Dim, Background);

    public Style TitleText => new(Title, Background, Emphasis.Bold);

    /// <summary>Without colours reverse video marks it.</summary>
    public Style Selection =>
        new(SelectionForeground, SelectionBackground, SelectionForeground == SelectionBackground ? Emphasis.Reverse : Emphasis.None);

    public Style Header => new(HeaderForeground, HeaderBackground);

    public Style Key => new(KeyForeground, KeyBackground);

    /// <summary>The gradient's colour for a share from 0 to 1.</summary>
    public Paint Graph(double share) =>
        share < 0.5 ? GraphLow.Toward(GraphMiddle, share * 2) : GraphMiddle.Toward(GraphHigh, (share - 0.5) * 2);

    /// <summary>No colours at all: reverse video alone marks what is selected. Used with NO_COLOR.</summary>
    public static Theme Monochrome { get; } = new()
    {
        Name = "monochrome",
        Background = default,
        Foreground = default,
        Dim = default,
        Border = default,
        Title = default,
        Accent = default,
        Good = default,
        Warning = default,
        Critical = default,
        SelectionForeground = default,
        SelectionBackground = default,
        HeaderForeground = default,
        HeaderBackground = default,
        KeyForeground = default,
        KeyBackground = default,
        GraphLow = default,
        GraphMiddle = default,
        GraphHigh = default,
        GraphSecond = default,
        GraphThird = default,
    };
}
