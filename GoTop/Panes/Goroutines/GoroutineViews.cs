using System.Collections.Immutable;

namespace GoTop.Panes.Goroutines;

/// <summary>The views of the pane, in the order of the key that turns to the next.</summary>
internal static class GoroutineViews
{
    public const int Groups = 0;
    public const int Goroutines = 1;
    public const int Diff = 2;
    public const int Creators = 3;
    public const int Ages = 4;
    public const int Labels = 5;
    public const int Waits = 6;

    public static readonly ImmutableArray<string> Names = ["groups", "goroutines", "diff", "creators", "ages", "labels", "waits"];
}
