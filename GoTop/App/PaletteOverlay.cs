using System.Collections.Immutable;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.App;

/// <summary>The palette: a line to type in, and what it finds.</summary>
internal static class PaletteOverlay
{
    private const int Width = 76;
    private const int MostRows = 18;

    public static void Draw(string typed, int chosen, ImmutableArray<PaletteEntry> entries, DrawContext context)
    {
        Surface inside = OverlayBox.Draw(context, Math.Min(Width, context.Surface.Width - 2), Math.Min(MostRows, context.Surface.Height), "Go to, or do", top: 1);
        int x = inside.Write(1, 0, ":", new Style(context.Theme.Accent, context.Theme.Background));
        x = inside.Write(x, 0, typed, context.Theme.Text);
        inside.Put(x, 0, new(' '), context.Theme.Text with { Emphasis = Emphasis.Reverse });
        int rows = inside.Height - 1;
        int row = Math.Clamp(chosen, 0, Math.Max(0, entries.Length - 1));
        int first = Math.Clamp(row - rows + 1, 0, Math.Max(0, entries.Length - rows));
        for (int i = 0; i < rows && first + i < entries.Length; i++)
            DrawEntry(entries[first + i], first + i == row, inside.Slice(0, i + 1, inside.Width, 1), context);
        if (entries.IsEmpty) inside.Write(1, 1, "nothing is called so", context.Theme.DimText);
    }

    private static void DrawEntry(PaletteEntry entry, bool chosen, Surface line, DrawContext context)
    {
        Style text = chosen ? context.Theme.Selection : context.Theme.Text;
        Style dim = chosen ? context.Theme.Selection : context.Theme.DimText;
        line.Fill(text);
        string keys = entry.Keys;
        int keysAt = line.Width - keys.Length - 1;
        int x = line.Slice(0, 0, keysAt - 1, 1).Write(1, 0, entry.Name, text with { Emphasis = text.Emphasis | Emphasis.Bold });
        string argument = entry.Argument.Length > 0 ? entry.Argument : entry.Action?.Argument is { } hint ? $"<{hint}>" : "";
        if (argument.Length > 0) x = line.Slice(0, 0, keysAt - 1, 1).Write(x + 1, 0, argument, entry.Argument.Length > 0 ? text : dim);
        line.Slice(0, 0, keysAt - 1, 1).Write(Math.Max(x + 1, 18), 0, entry.Title, dim);
        line.Write(keysAt, 0, keys, dim);
    }
}
