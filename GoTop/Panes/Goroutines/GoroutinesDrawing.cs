using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

internal static class GoroutinesDrawing
{
    public static void Draw(GoroutinesView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Views is { } views)
        {
            ViewBar.Draw(views.Names, views.Shown, context);
            context = context.Slice(0, 1, context.Surface.Width, context.Surface.Height - 1);
        }

        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        int end = context.Write(0, 0, width, view.Title, context.Theme.TitleText);
        int head = 1;
        if (view.Views is not null)
        {
            // One short line stands beside the title.
            foreach ((string text, Tone tone) in view.Lines) context.Write(end + 3, 0, text, tone);
        }
        else
        {
            foreach ((string text, Tone tone) in view.Lines) context.Write(0, head++, text, tone);
        }

        DrawContext body = context.Slice(0, head, width, height - head);
        if (view.Stack is { } stack) DrawGroup(view, stack, body, head);
        else DrawList(view, body);
    }

    private static void DrawList(GoroutinesView view, DrawContext body)
    {
        int width = body.Surface.Width, height = body.Surface.Height;
        int preview = view.HasPreview ? GoroutinesLayout.PreviewRows(height) : 0;
        DrawTable(view, body.Slice(0, 0, width, height - preview));
        if (preview > 0 && view.Preview is { } panel) DrawPreview(panel, body.Slice(0, height - preview, width, preview));
    }

    private static void DrawPreview(PreviewPanel panel, DrawContext context)
    {
        if (panel.Stack is { } stack)
        {
            DrawStack(stack, context, isOpen: false);
            return;
        }

        DrawContext inside = Box.Ruled(context, panel.Title, "open it for all");
        int room = inside.Surface.Height, y = 0;
        foreach ((string text, Tone tone) in panel.Lines)
        {
            if (y >= room) break;
            if (PlainCells.Columns(text) <= inside.Surface.Width) inside.Write(0, y++, text, tone);
            else y += inside.WriteWrapped(0, y, inside.Surface.Width, room - y, text, inside.Theme.Style(tone));
        }
    }

    private static void DrawGroup(GoroutinesView view, StackPanel stack, DrawContext body, int head)
    {
        int frames = stack.Stacks.IsEmpty ? 1 : stack.Stacks[stack.Index].Frames.Length;
        GoroutinesLayout layout = GoroutinesLayout.Group(body.Surface.Width, body.Surface.Height + head, head, frames);
        int width = body.Surface.Width, height = body.Surface.Height;
        DrawContext list = layout.BesideOneAnother
            ? body.Slice(0, 0, layout.TableWidth, height)
            : body.Slice(0, layout.StackRows, width, height - layout.StackRows);
        DrawContext shown = layout.BesideOneAnother
            ? body.Slice(layout.TableWidth + 2, 0, width - layout.TableWidth - 2, height)
            : body.Slice(0, 0, width, layout.StackRows);
        DrawStack(stack, shown, isOpen: true);
        DrawTable(view, Box.Ruled(list, "Its goroutines"));
    }

    private static void DrawStack(StackPanel panel, DrawContext context, bool isOpen)
    {
        if (panel.Missing is { } missing)
        {
            DrawContext empty = Box.Ruled(context, "Stack");
            empty.WriteWrapped(0, 0, empty.Surface.Width, empty.Surface.Height, missing, context.Theme.DimText);
            return;
        }

        StackShape shape = panel.Stacks[panel.Index];
        string title = panel.Stacks.Length == 1
            ? $"Stack of {Figures.Count(shape.Count)} of its {Figures.Count(panel.GroupCount)}"
            : $"Stack {panel.Index + 1} of {panel.Stacks.Length}, of {Figures.Count(shape.Count)} of its {Figures.Count(panel.GroupCount)}";
        DrawContext inside = Box.Ruled(context, title, !isOpen ? "open it for all" : panel.Stacks.Length > 1 ? "left/right: other stacks" : null);
        int room = inside.Surface.Height - Table.HeadRows, beyond = shape.Frames.Length - room;
        Table.Draw(StackView.Of(beyond > 0 ? shape.Frames[..Math.Max(0, room - 1)] : shape.Frames), inside);
        if (beyond > 0) inside.Write(0, inside.Surface.Height - 1, $"{Figures.Counted(beyond + 1, "more frame")}{(isOpen ? "; to see all, open a goroutine" : "")}", Tone.Dim);
    }

    private static void DrawTable(GoroutinesView view, DrawContext context)
    {
        if (view.Table is { RowCount: > 0 } table)
        {
            Table.Draw(table, context);
            return;
        }

        if (view.Table is { } empty) Table.Draw(empty, context);
        context.WriteWrapped(0, view.Table is null ? 0 : Table.HeadRows, context.Surface.Width, 3, view.Empty, context.Theme.DimText);
    }
}
