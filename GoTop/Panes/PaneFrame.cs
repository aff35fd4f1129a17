using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>What all panes have at their top.</summary>
internal static class PaneFrame
{
    /// <summary>How the target ended and since when nothing moves any more; null while it lives.</summary>
    public static string? Ended(Observation? observation) =>
        observation?.Now is { TargetEnded: { } how } now ? $"{now.Target.Name} has ended: {how}. These are its last figures." : null;

    /// <summary>Draws that line where there is one and returns what is below it.</summary>
    public static DrawContext Below(DrawContext context, string? ended)
    {
        if (ended is null) return context;
        context.Write(0, 0, ended, Tone.Critical);
        return context.Slice(0, 1, context.Surface.Width, context.Surface.Height - 1);
    }

    public static int RowsTaken(Observation? observation) => observation?.Now.TargetEnded is null ? 0 : 1;
}
