namespace GoTop.Screen;

/// <summary>What the terminal can do, as far as the environment tells.</summary>
/// <param name="Unicode">It shows blocks, boxes and braille.</param>
/// <param name="Driver">Terminal.Gui's driver that suits it.</param>
/// <param name="Refusal">Why the screen cannot be shown at all, in words for the person; null when it can.</param>
public sealed record TerminalTraits(ColourDepth Colours, bool Unicode, string Driver, string? Refusal)
{
    private const string UseBatch = "use `gotop top --batch`, which prints plain text";

    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="outputCodePage">Of the Windows console; ignored elsewhere.</param>
    /// <param name="redirected">Input or output is not a terminal.</param>
    public static TerminalTraits Detect(Func<string, string?> environment, bool windows, int outputCodePage, bool redirected)
    {
        string term = environment("TERM") ?? "";
        string? refusal =
            redirected ? $"the full screen needs a terminal, but input or output is redirected; {UseBatch}"
            : windows ? null
            : term is "dumb" ? $"this terminal cannot move its cursor (TERM=dumb); {UseBatch}"
            : term.Length == 0 ? $"TERM is not set, so nothing is known of this terminal; set it (TERM=xterm-256color), or {UseBatch}"
            : null;
        return new TerminalTraits(
            DetectColours(environment, windows, term), DetectUnicode(environment, windows, outputCodePage), windows ? "windows" : "ansi", refusal);
    }

    private static ColourDepth DetectColours(Func<string, string?> environment, bool windows, string term)
    {
        // https://no-color.org: any value but an empty one.
        if (!string.IsNullOrEmpty(environment("NO_COLOR"))) return ColourDepth.None;
        if (windows) return ColourDepth.TrueColour;
        if (environment("COLORTERM") is "truecolor" or "24bit") return ColourDepth.TrueColour;
        if (term.EndsWith("-direct", StringComparison.Ordinal)) return ColourDepth.TrueColour;
        if (StartsWithOneOf(term, "xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")) return ColourDepth.TrueColour;
        if (term.Contains("256color", StringComparison.Ordinal)) return ColourDepth.TwoHundredFiftySix;
        if (StartsWithOneOf(term, "vt1", "vt2", "vt5")) return ColourDepth.None;
        return ColourDepth.Sixteen;
    }

    private static bool DetectUnicode(Func<string, string?> environment, bool windows, int outputCodePage)
    {
        if (windows) return outputCodePage == 65001 || !string.IsNullOrEmpty(environment("WT_SESSION"));
        string locale = NonEmpty("LC_ALL") ?? NonEmpty("LC_CTYPE") ?? NonEmpty("LANG") ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);

        string? NonEmpty(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    private static bool StartsWithOneOf(string term, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (term.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
