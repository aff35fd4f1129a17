using System.Collections.Immutable;

namespace GoTop.Panes.Kernel;

/// <summary>The pane's views, in the order in which they come.</summary>
internal static class KernelViews
{
    public const int Overview = 0;
    public const int Waits = 1;
    public const int OnCpu = 2;
    public const int Lines = 3;
    public const int OffCpu = 4;
    public const int Processes = 5;

    public static ImmutableArray<string> Titles { get; } = ["overview", "waits", "on CPU", "lines", "off CPU", "processes"];
}
