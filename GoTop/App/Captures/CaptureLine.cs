using GoTop.Actions;
using GoTop.Engine.Control.Capture;
using GoTop.Panes;
using GoTop.Widgets;

namespace GoTop.App.Captures;

/// <summary>A capture under way as the bottom line shows it, whichever pane is there.</summary>
internal static class CaptureLine
{
    private const int BarWidth = 20;

    public static void Draw(CaptureProgress progress, KeyMap keys, DrawContext context)
    {
        int x = context.Write(1, 0, "capturing", Tone.Accent) + 1;
        Bar.Draw(context, x, 0, BarWidth, progress.Share);
        x += BarWidth + 1;
        string hint = $" {KeyOf("capture-cancel")} cancel  {KeyOf("capture")} details ";
        int room = context.Surface.Width - x - hint.Length;
        string told = CaptureWords.Running(progress);
        // "capturing" stands before the bar already.
        int blank = told.IndexOf(' ', StringComparison.Ordinal);
        context.Write(x, 0, room, blank < 0 ? told : told[(blank + 1)..], context.Theme.Text);
        if (room > 0) context.Write(context.Surface.Width - hint.Length, 0, hint, Tone.Dim);

        string KeyOf(string action) => keys.Actions.FirstOrDefault(known => known.Id == action) is { } known && !keys.KeysOf(known).IsEmpty ? keys.KeysOf(known)[0].ToString() : ":" + action;
    }
}
