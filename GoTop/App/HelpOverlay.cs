using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.App;

/// <summary>The key help, drawn over the pane.</summary>
internal static class HelpOverlay
{
    private const int KeysWidth = 18;
    private const int LeastColumnWidth = 58;
    private const int MostColumns = 3;

    /// <param name="Keys">Empty for a heading.</param>
    internal sealed record Line(string Keys, string Text)
    {
        public bool IsHeading => Keys.Length == 0;
    }

    public static ImmutableArray<Line> Lines(KeyMap keys)
    {
        ImmutableArray<Line>.Builder lines = ImmutableArray.CreateBuilder<Line>();
        foreach (IGrouping<string, UserAction> group in keys.Actions.GroupBy(action => action.Group))
        {
            if (lines.Count > 0) lines.Add(new Line("", ""));
            lines.Add(new Line("", group.Key));
            UserAction[] numbers = [.. group.Where(Palette.IsPaneNumber)];
            if (numbers.Length > 0) lines.Add(new Line($"{Keys(numbers[0], keys)} … {Keys(numbers[^1], keys)}", "Pane by its number"));
            foreach (UserAction action in group.Except(numbers)) lines.Add(new Line(Keys(action, keys), Text(action)));
        }

        return lines.ToImmutable();
    }

    public static void Draw(KeyMap keys, int firstLine, DrawContext context)
    {
        ImmutableArray<Line> lines = Lines(keys);
        int columns = Math.Clamp((context.Surface.Width - 4) / LeastColumnWidth, 1, MostColumns);
        // No wider than its longest line; narrower than that only where the terminal is.
        int columnWidth = Math.Min((context.Surface.Width - 4) / columns, Math.Max(LeastColumnWidth, lines.Max(line => KeysWidth + 2 + line.Text.Length)));
        int needed = (lines.Length + columns - 1) / columns;
        Surface inside = OverlayBox.Draw(context, Math.Min(context.Surface.Width, (columns * columnWidth) + 2), needed + 2, "Keys: any other key closes");
        int first = Math.Clamp(firstLine, 0, Math.Max(0, lines.Length - (inside.Height * columns)));
        for (int i = 0; i < inside.Height * columns && first + i < lines.Length; i++)
            DrawLine(lines[first + i], inside.Slice(i / inside.Height * columnWidth, i % inside.Height, columnWidth - 1, 1), context);
    }

    private static void DrawLine(Line line, Surface surface, DrawContext context)
    {
        if (line.IsHeading)
        {
            surface.Write(1, 0, line.Text, context.Theme.TitleText);
            return;
        }

        int x = surface.Slice(1, 0, KeysWidth, 1).Write(0, 0, line.Keys, new Style(context.Theme.Accent, context.Theme.Background)) + 1;
        surface.Write(Math.Max(x + 1, KeysWidth + 1), 0, line.Text, context.Theme.Text);
    }

    private static string Keys(UserAction action, KeyMap keys)
    {
        string text = string.Join(' ', keys.KeysOf(action));
        return text.Length > 0 ? text : $":{action.Id}";
    }

    private static string Text(UserAction action) =>
        $"{action.Title}{(action.Scope.IsGlobal ? "" : $" (in {string.Join(", ", action.Scope.Panes)})")}{(action.Danger == Danger.Asks ? " (asks)" : "")}";
}
