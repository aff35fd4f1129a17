using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Panes;

namespace GoTop.App;

/// <summary>Gives each key to what it is meant for: the actions, the line being typed, or the overlay.</summary>
public sealed class KeyDispatcher(AppController app, KeyMap keys)
{
    private const int HelpPage = 10;

    public void Key(KeyStroke key)
    {
        app.Change(state => state with { Message = null });
        // Leaving must work wherever one is.
        if (key is { Ctrl: true, Character.Value: 'c' } && app.State.Mode != InputMode.Normal && keys.Find(key, app.State.Pane) is { Id: "quit" })
        {
            app.Quit();
            return;
        }

        switch (app.State.Mode)
        {
            case InputMode.Filter: Filter(key); break;
            case InputMode.Palette: InPalette(key); break;
            case InputMode.Help: Help(key); break;
            case InputMode.Confirm: Confirm(key); break;
            case InputMode.Capture: app.CaptureKey(key); break;
            case InputMode.Acting: app.ActingKey(key); break;
            default:
                if (keys.Find(key, app.State.Pane) is { } action) Run(action, "");
                break;
        }
    }

    /// <summary>Pasted text goes where one types, and nowhere else: it must never act as keys.</summary>
    public void Paste(string text)
    {
        if (app.State.Mode is not (InputMode.Filter or InputMode.Palette)) return;
        app.Change(state => state with { Input = TextEntry.Append(state.Input, text), OverlayRow = 0 });
        if (app.State.Mode == InputMode.Filter) app.SetFilter(app.State.Input);
    }

    public void Run(UserAction action, string argument)
    {
        if (action.Danger is Danger.None or Danger.ShowsFirst)
        {
            action.Run(app, argument);
            return;
        }

        string question = action.Question?.Invoke(app) ?? action.Title + "?";
        app.Change(state => state with { Mode = InputMode.Confirm, Pending = new PendingAction(action, argument, question) });
    }

    private void Filter(KeyStroke key)
    {
        switch (key.Name)
        {
            case "enter":
                Close();
                return;
            case "esc":
                app.SetFilter(app.State.FilterBefore);
                Close();
                return;
            case "up" or "down" or "pgup" or "pgdn":
                app.Send(key.Name switch { "up" => PaneCommand.Up, "down" => PaneCommand.Down, "pgup" => PaneCommand.PageUp, _ => PaneCommand.PageDown });
                return;
        }

        if (TextEntry.After(app.State.Input, key) is not { } text) return;
        app.Change(state => state with { Input = text });
        app.SetFilter(text);
    }

    private void InPalette(KeyStroke key)
    {
        ImmutableArray<PaletteEntry> entries = Palette.Match(app.State.Input, keys, app.Panes);
        int row = Math.Clamp(app.State.OverlayRow, 0, Math.Max(0, entries.Length - 1));
        switch (key)
        {
            case { Name: "esc" }:
                Close();
                return;
            case { Name: "up" } or { Ctrl: true, Character.Value: 'p' }:
                Scroll(row - 1, entries.Length - 1);
                return;
            case { Name: "down" } or { Ctrl: true, Character.Value: 'n' }:
                Scroll(row + 1, entries.Length - 1);
                return;
            case { Name: "tab" } when !entries.IsEmpty:
                app.Change(state => state with { Input = entries[row].Name + " ", OverlayRow = 0 });
                return;
            case { Name: "enter" }:
                if (!entries.IsEmpty) Choose(entries[row]);
                return;
        }

        if (TextEntry.After(app.State.Input, key) is { } text) app.Change(state => state with { Input = text, OverlayRow = 0 });
    }

    private void Choose(PaletteEntry entry)
    {
        if (entry.Pane is not null)
        {
            Close();
            if (entry.View >= 0) app.ShowPane(entry.Pane, entry.View);
            else app.ShowPane(entry.Pane);
        }
        else if (entry.Action is { Argument: not null, DefaultKeys.IsEmpty: true } && entry.Argument.Length == 0)
        {
            // It says nothing without its argument: let that be typed.
            app.Change(state => state with { Input = entry.Name + " ", OverlayRow = 0 });
        }
        else if (entry.Action is { } action)
        {
            Close();
            Run(action, entry.Argument);
        }
    }

    private void Help(KeyStroke key)
    {
        int row = app.State.OverlayRow;
        UserAction? action = keys.Find(key, app.State.Pane);
        switch (action?.Id)
        {
            case "up": Scroll(row - 1, HelpOverlay.Lines(keys).Length); break;
            case "down": Scroll(row + 1, HelpOverlay.Lines(keys).Length); break;
            case "page-up": Scroll(row - HelpPage, HelpOverlay.Lines(keys).Length); break;
            case "page-down" or "pause": Scroll(row + HelpPage, HelpOverlay.Lines(keys).Length); break;
            default: Close(); break;
        }
    }

    private void Confirm(KeyStroke key)
    {
        PendingAction? pending = app.State.Pending;
        Close();
        if (pending is null) return;
        // Only a deliberate y: Enter and Space are pressed too easily.
        if (key is { Name: "", Ctrl: false, Alt: false, Character.Value: 'y' or 'Y' }) pending.Action.Run(app, pending.Argument);
        else app.Say("Not done.");
    }

    private void Scroll(int row, int last) => app.Change(state => state with { OverlayRow = Math.Clamp(row, 0, Math.Max(0, last)) });

    private void Close() => app.Change(state => state with { Mode = InputMode.Normal, Input = "", OverlayRow = 0, Pending = null });
}
