using GoTop.Actions;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.App;

/// <summary>The bottom line: a message, the filter being typed, or the keys that matter here.</summary>
internal static class Footer
{
    public static void Draw(AppState state, KeyMap keys, DrawContext context)
    {
        (Surface line, Theme theme) = (context.Surface, context.Theme);
        line.Fill(theme.Text);
        if (state.Mode == InputMode.Filter)
        {
            int x = line.Write(0, 0, "/", new Style(theme.Accent, theme.Background, Emphasis.Bold));
            x = line.Write(x, 0, state.Input, theme.Text);
            line.Put(x, 0, new(' '), theme.Text with { Emphasis = Emphasis.Reverse });
            const string Hint = "enter keep  esc undo  ! inverts";
            if (x + 2 + Hint.Length < line.Width) line.Write(line.Width - Hint.Length - 1, 0, Hint, theme.DimText);
            return;
        }

        if (state.Message is { } message)
        {
            line.Write(1, 0, message, new Style(theme.Warning, theme.Background));
            return;
        }

        string filter = state.PaneStateOf(state.Pane).Filter;
        string shown = filter.Length == 0 ? "" : $"/{filter} ";
        int right = line.Width - shown.Length;
        if (right > line.Width / 2) line.Write(right, 0, shown, new Style(theme.Accent, theme.Background));
        else right = line.Width;
        DrawHints(state.Pane, keys, line.Slice(0, 0, right, 1), theme);
    }

    private static void DrawHints(string pane, KeyMap keys, Surface line, Theme theme)
    {
        int x = 0;
        foreach (UserAction action in keys.Actions)
        {
            if (action.Hint is not { } hint || !action.Scope.Covers(pane) || keys.KeysOf(action) is not [KeyStroke key, ..]) continue;
            string name = key.ToString();
            if (x + name.Length + hint.Length + 3 > line.Width) break;
            x = line.Write(x, 0, $" {name} ", theme.Key.Bold());
            x = line.Write(x, 0, hint, theme.DimText) + 1;
        }
    }
}
