using System.Collections.Immutable;

namespace GoTop.Panes.Scheduler;

/// <summary>The pane's views, in the order in which they come.</summary>
internal static class SchedulerViews
{
    public const int Overview = 0;
    public const int Timeline = 1;
    public const int Waits = 2;
    public const int Blocking = 3;
    public const int Stops = 4;
    public const int Tasks = 5;

    public static ImmutableArray<string> Titles { get; } = ["overview", "timeline", "waits", "blocking", "stops and GC", "tasks"];

    /// <summary>Rows above what a view shows (its titles, how it stands with traces) and below it (what traces cost).</summary>
    public const int HeadRows = 2;
    public const int FootRows = 1;

    /// <summary>Rows of a view in a pane so high.</summary>
    public static int Rows(PaneInput input) => Math.Max(0, input.Height - PaneFrame.RowsTaken(input.Observation) - HeadRows - FootRows);
}
