using GoTop.Actions;
using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;
using GoTop.Widgets;

namespace GoTop.App;

/// <summary>Paints the whole screen from the controller's state.</summary>
internal sealed class FramePainter(AppController app, KeyMap keys, Func<Theme> theme, GlyphSet glyphs, TimeZoneInfo zone)
{
    public const int LeastWidth = 80;
    public const int LeastHeight = 24;

    public void Paint(Canvas canvas)
    {
        Theme colours = theme();
        canvas.Clear(colours.Text);
        Surface all = canvas.All;
        if (canvas.Width < LeastWidth || canvas.Height < LeastHeight)
        {
            PaintTooSmall(canvas, colours);
            return;
        }

        (int top, int height) = Body(canvas.Height);
        AppState state = app.State;
        if (!state.Maximised)
        {
            VitalSigns.Draw(app.Shown, state.Marks, state.Paused, Context(all.Slice(0, 0, all.Width, 1)));
            PaneTabs.Draw(app.NumberedPanes, state.Pane, Context(all.Slice(0, 1, all.Width, 1)));
        }

        Surface body = all.Slice(0, top, all.Width, height);
        app.Settle(body.Width, body.Height);
        PaintPane(Context(body));
        switch (state.Mode)
        {
            case InputMode.Help: HelpOverlay.Draw(keys, state.OverlayRow, Context(body)); break;
            case InputMode.Palette: PaletteOverlay.Draw(state.Input, state.OverlayRow, Palette.Match(state.Input, keys, app.Panes), Context(body)); break;
            case InputMode.Confirm when state.Pending is { } pending: ConfirmOverlay.Draw(pending, Context(body)); break;
            case InputMode.Acting when state.Acting is { } acting: ActingOverlay.Draw(acting, app.HostNow, app.Facts.Acting, app.Shown?.Now.Target.Name ?? "the target", Context(body)); break;
            case InputMode.Capture when state.Capture is { } choice: CaptureOverlay.Draw(choice, app.Host.CaptureOffer, app.Facts.Capture, Context(body)); break;
        }

        Footer.Draw(state, app.Current, app.Facts.Capture, keys, Context(all.Slice(0, all.Height - 1, all.Width, 1)));

        DrawContext Context(Surface surface) => new(surface, colours, glyphs) { TimeZone = zone };
    }

    /// <summary>The pane whose tab is there; null elsewhere.</summary>
    public string? TabAt(int x, int y, int width)
    {
        if (y != 1 || app.State.Maximised) return null;
        return PaneTabs.Arrange(app.NumberedPanes, app.State.Pane, width).FirstOrDefault(tab => x >= tab.Left && x < tab.Left + tab.Width)?.Pane;
    }

    /// <summary>First row and number of rows of the pane.</summary>
    private (int Top, int Height) Body(int height) => app.State.Maximised ? (0, height - 1) : (2, height - 3);

    /// <summary>A pane that fails must not take the others with it in the middle of an incident: it says so itself.</summary>
    private void PaintPane(DrawContext context)
    {
        if (app.Current is not { } pane)
        {
            context.Surface.Write(1, 1, "There is no pane to show.", context.Theme.DimText);
            return;
        }

        try
        {
            pane.Draw(app.Input, context);
        }
        catch (Exception failure)
        {
            context.Surface.Fill(context.Theme.Text);
            context.Surface.Write(1, 1, $"The pane {pane.Id} failed: {failure.Message}", new Style(context.Theme.Critical, context.Theme.Background));
            int y = 3;
            foreach (string line in (failure.StackTrace ?? "").Split('\n').Take(context.Surface.Height - 4))
                context.Surface.Write(1, y++, line.Trim(), context.Theme.DimText);
        }
    }

    private void PaintTooSmall(Canvas canvas, Theme colours)
    {
        char times = glyphs == GlyphSet.Ascii ? 'x' : '×';
        string text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"GoTop needs {LeastWidth}{times}{LeastHeight}, this is {canvas.Width}{times}{canvas.Height}");
        canvas.All.Write(Math.Max(0, (canvas.Width - text.Length) / 2), canvas.Height / 2, text, colours.Text);
    }
}
