using GoTop.Actions;
using GoTop.App.Captures;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;
using GoTop.Widgets;

namespace GoTop.App;

/// <summary>The bottom line: a message, the filter being typed, a capture under way, or the keys that matter here.</summary>
internal static class Footer
{
    public static void Draw(AppState state, IPane? pane, CaptureStatus? capture, KeyMap keys, DrawContext context)
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
            context.Write(1, 0, line.Width - 1, message, new Style(theme.Warning, theme.Background));
            return;
        }

        if (capture is { IsRunning: true })
        {
            CaptureLine.Draw(capture.Progress, keys, context);
            return;
        }

        string filter = state.PaneStateOf(state.Pane).Filter;
        string shown = filter.Length == 0 ? "" : $"/{filter} ";
        int right = line.Width - shown.Length;
        if (right > line.Width / 2) line.Write(right, 0, shown, new Style(theme.Accent, theme.Background));
        else right = line.Width;
        DrawHints(state, pane, keys, line.Slice(0, 0, right, 1), theme);
    }

    private static void DrawHints(AppState state, IPane? pane, KeyMap keys, Surface line, Theme theme)
    {
        List<(UserAction Action, string Key, string Hint)> hints =
        [
            .. from action in keys.Actions
               where action.Hint is not null && action.Scope.Covers(state.Pane) && !keys.KeysOf(action).IsEmpty && (pane is null || action.MeansSomething(pane, state.PaneStateOf(pane.Id)))
               select (action, keys.KeysOf(action)[0].ToString(), action.Hint),
        ];
        // Help and quit stay: they lead to all others. What is made for this pane is told rather than what is everywhere.
        while (hints.Sum(Width) > line.Width && Dispensable(hints) is >= 0 and int least) hints.RemoveAt(least);
        int x = 0;
        foreach ((_, string key, string hint) in hints)
        {
            x = line.Write(x, 0, $" {key} ", theme.Key.Bold());
            x = line.Write(x + 1, 0, hint, theme.DimText) + 1;
        }

        static int Dispensable(List<(UserAction Action, string Key, string Hint)> hints) =>
            hints.FindLastIndex(hint => hint.Action.Scope.IsGlobal && hint.Action.Id is not ("help" or "quit")) is >= 0 and int everywhere
                ? everywhere
                : hints.FindLastIndex(hint => hint.Action.Id is not ("help" or "quit"));

        static int Width((UserAction Action, string Key, string Hint) hint) => hint.Key.Length + hint.Hint.Length + 4;
    }
}
