using GoTop.Panes;

namespace GoTop.App.Acting;

/// <summary>Keys with their meanings, in a line of an overlay.</summary>
internal static class OverlayKeys
{
    /// <returns>The column after the last that had room.</returns>
    public static int Draw(DrawContext context, int x, int y, params ReadOnlySpan<(string Key, string Meaning)> keys)
    {
        foreach ((string key, string meaning) in keys)
        {
            if (x + key.Length + meaning.Length + 4 > context.Surface.Width) return x;
            x = context.Surface.Write(x, y, $" {key} ", context.Theme.Key.Bold());
            x = context.Surface.Write(x + 1, y, meaning, context.Theme.DimText) + 2;
        }

        return x;
    }
}
