using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.App;

/// <summary>The question before a dangerous action.</summary>
internal static class ConfirmOverlay
{
    private const int Widest = 76;

    public static void Draw(PendingAction pending, DrawContext context)
    {
        int width = Math.Min(Widest, context.Surface.Width - 2);
        string[] lines = [.. Wrapped(pending.Question, width - 4)];
        Surface inside = OverlayBox.Draw(context, width, lines.Length + 4, pending.Action.Title);
        for (int i = 0; i < lines.Length; i++) inside.Write(1, i, lines[i], context.Theme.Text.Bold());
        inside.Write(1, lines.Length + 1, "y = yes, any other key = no", new Style(context.Theme.Warning, context.Theme.Background));
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
