namespace GoTop.Screen;

/// <summary>How many colours the terminal shows.</summary>
public enum ColourDepth
{
    /// <summary>None: bold and reverse video only.</summary>
    None,
    Sixteen,
    TwoHundredFiftySix,
    TrueColour,
}
