using System.Collections.Immutable;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.App;

/// <summary>How the screen looks and answers; from the configuration and the command line.</summary>
public sealed record ScreenOptions
{
    public required Theme Theme { get; init; }

    /// <summary>Those that the theme key goes round; may be empty.</summary>
    public ImmutableArray<Theme> Themes { get; init; } = [];

    /// <summary>Null to decide by the environment.</summary>
    public ColourDepth? Colours { get; init; }

    /// <summary>Null to decide by the locale or code page.</summary>
    public GlyphSet? Glyphs { get; init; }

    /// <summary><c>ansi</c>, <c>windows</c> or <c>dotnet</c>; null for what suits the system.</summary>
    public string? Driver { get; init; }

    /// <summary>Report clicks and the wheel; the terminal's own selection then needs Shift.</summary>
    public bool Mouse { get; init; }

    /// <summary>In which times of day are shown and typed.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Null for the first pane (the picker while no target is open).</summary>
    public string? InitialPane { get; init; }

    /// <summary>From <c>[keys]</c>: action id to the keys that replace its default ones.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Keys { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The fleet is shown first, in place of the list of processes.</summary>
    public bool StartsWithFleet { get; init; }

    /// <summary>Leaves dangerous actions out.</summary>
    public bool ReadOnly { get; init; }
}
