using System.Drawing;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;
using Attribute = Terminal.Gui.Drawing.Attribute;
using TerminalKey = Terminal.Gui.Input.Key;

namespace GoTop.Screen;

internal delegate void FrameSender(ReadOnlySpan<char> frame);

/// <summary>
/// The only view: it has no border, paints our canvas, and sends frames itself, before Terminal.Gui would. Only to a
/// console without escape sequences does Terminal.Gui send, from its own cells.
/// </summary>
internal sealed class RootView : Runnable
{
    private readonly IScreenProgram _program;
    private readonly AnsiFrameWriter _writer;
    private readonly FrameSender? _send;
    private readonly Canvas _canvas = new(1, 1);
    private string _title = "";

    /// <param name="send">Takes a frame to the terminal; null for Terminal.Gui's own output.</param>
    public RootView(IScreenProgram program, AnsiFrameWriter writer, FrameSender? send = null)
    {
        _send = send;
        _program = program;
        _writer = writer;
        Border.Settings &= ~BorderSettings.TerminalTitle;
        KeyBindings.Clear();
        MouseBindings.Clear();
    }

    /// <summary>Ctrl-Z was pressed.</summary>
    public event Action? Suspending;

    /// <summary>Characters and frames sent, for the benchmark.</summary>
    public (long Frames, long Characters) Sent { get; private set; }

    /// <summary>Draws when there is something new; call on the UI thread between two waits.</summary>
    public void Refresh()
    {
        if (_program.TakeRedraw()) Invalidate();
        if (_program.NeedsDraw(Viewport.Width, Viewport.Height)) SetNeedsDraw();
    }

    /// <summary>The terminal's content is unknown from now on.</summary>
    public void Invalidate()
    {
        _writer.Invalidate();
        _title = "";
        SetNeedsDraw();
    }

    protected override bool OnClearingViewport() => true;

    protected override bool OnDrawingText(DrawContext? context) => true;

    protected override bool OnDrawingContent(DrawContext? context)
    {
        if (Viewport.Width < 1 || Viewport.Height < 1) return true;
        if (_canvas.Width != Viewport.Width || _canvas.Height != Viewport.Height) _canvas.Resize(Viewport.Width, Viewport.Height);
        _program.Draw(_canvas);
        return true;
    }

    protected override void OnDrawComplete(DrawContext? context)
    {
        base.OnDrawComplete(context);
        if (App?.Driver is not { } driver) return;
        if (driver.IsLegacyConsole)
        {
            FillCells(driver);
            return;
        }

        FrameSender send = _send ?? driver.GetOutput().Write;
        SendTitle(send);
        ReadOnlySpan<char> frame = _writer.Frame(_canvas);
        if (!frame.IsEmpty)
        {
            send(frame);
            Sent = (Sent.Frames + 1, Sent.Characters + frame.Length);
        }

        // Sent already: nothing is left for Terminal.Gui to send.
        Array.Clear(driver.GetOutputBuffer().DirtyLines);
        driver.SetCursorNeedsUpdate(false);
    }

    protected override bool OnKeyDown(TerminalKey key)
    {
        if (KeyTranslation.Translate(key) is not { } stroke) return true;
        if (stroke is { Ctrl: true, Character.Value: 'z' }) Suspending?.Invoke();
        else _program.Key(stroke);
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        Point at = mouse.ScreenPosition;
        if (mouse.Flags.HasFlag(MouseFlags.WheeledUp)) _program.Mouse(MouseGesture.WheelUp, at.X, at.Y);
        else if (mouse.Flags.HasFlag(MouseFlags.WheeledDown)) _program.Mouse(MouseGesture.WheelDown, at.X, at.Y);
        else if (mouse.Flags.HasFlag(MouseFlags.LeftButtonPressed)) _program.Mouse(MouseGesture.Click, at.X, at.Y);
        return true;
    }

    private void SendTitle(FrameSender send)
    {
        string title = _program.Title;
        if (title == _title) return;
        _title = title;
        // OSC 2, ended by ST. The title names the target, so nothing in it may end the sequence early.
        send($"\e]2;{string.Concat(title.Where(c => !char.IsControl(c)))}\e\\");
    }

    private void FillCells(IDriver driver)
    {
        if (driver.Contents is not { } cells) return;
        for (int y = 0; y < Math.Min(_canvas.Height, cells.GetLength(0)); y++)
        {
            for (int x = 0; x < Math.Min(_canvas.Width, cells.GetLength(1)); x++)
            {
                CanvasCell cell = _canvas[x, y];
                string grapheme = cell.IsContinuation ? " " : cell.Glyph.ToString();
                Attribute attribute = new(ToColor(cell.Style.Foreground), ToColor(cell.Style.Background), ToTextStyle(cell.Style.Emphasis));
                if (cells[y, x].Grapheme == grapheme && cells[y, x].Attribute == attribute) continue;
                cells[y, x] = new Cell(attribute, true, grapheme);
                driver.GetOutputBuffer().DirtyLines[y] = true;
            }
        }
    }

    private static Terminal.Gui.Drawing.Color ToColor(Paint paint) =>
        paint.IsDefault ? Terminal.Gui.Drawing.Color.None : new Terminal.Gui.Drawing.Color(paint.R, paint.G, paint.B);

    private static TextStyle ToTextStyle(Emphasis emphasis) =>
        ((emphasis & Emphasis.Bold) != 0 ? TextStyle.Bold : 0)
        | ((emphasis & Emphasis.Dim) != 0 ? TextStyle.Faint : 0)
        | ((emphasis & Emphasis.Italic) != 0 ? TextStyle.Italic : 0)
        | ((emphasis & Emphasis.Underline) != 0 ? TextStyle.Underline : 0)
        | ((emphasis & Emphasis.Reverse) != 0 ? TextStyle.Reverse : 0);
}
