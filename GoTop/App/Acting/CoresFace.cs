using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Widgets;

namespace GoTop.App.Acting;

/// <summary>Draws the picker of cores.</summary>
internal static class CoresFace
{
    private const int WidestBox = 110;
    private const int LinesBelow = 7;

    public static int InnerWidth(int paneWidth) => Math.Min(WidestBox, paneWidth - 2) - 4;

    public static void Draw(CoreChoice choice, CoreGrid grid, ActingStatus status, string target, DrawContext context)
    {
        int width = Math.Min(WidestBox, context.Surface.Width - 2);
        int rows = Math.Min(grid.Rows.Length, context.Surface.Height - LinesBelow - 2);
        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, rows + LinesBelow + 2, $"Cores of {target}") };
        // The cursor's row stays in sight, with the heading above it where there is room.
        int cursor = grid.RowOf(choice.Core), top = Math.Clamp(cursor - rows + 1, 0, Math.Max(0, grid.Rows.Length - rows));
        for (int i = 0; i < rows; i++) DrawRow(inside, grid.Rows[top + i], choice, i);
        int y = rows;
        if (grid.Rows.Length > rows) inside.Write(inside.Surface.Width - 12, 0, string.Create(CultureInfo.InvariantCulture, $"{top + 1}-{top + rows} of {grid.Rows.Length}"), Tone.Dim);
        y++;
        Label(inside, y++, "now", status.Cores.TryGet(out string? now) ? now : status.Cores.Reason ?? "being read", Tone.Normal);
        Label(inside, y++, "then", choice.Chosen.Count == 0 ? "no core is chosen" : $"{choice.Chosen} ({choice.Chosen.Count} of {Figures.Counted(grid.Rows.Sum(row => row.Cores.Length), "core")}){(choice.Chosen.Equals(choice.Now) ? ", as it is" : "")}", choice.Chosen.Count == 0 ? Tone.Warning : Tone.Accent);
        Label(inside, y++, "priority", $"{status.Priority.ValueOr(null) ?? status.Priority.Reason ?? "being read"}{(choice.Priority is null ? ", stays" : $", becomes {choice.Priority}")}", choice.Priority is null ? Tone.Normal : Tone.Accent);
        OverlayKeys.Draw(inside, 1, y++, ("space", "core"), ("s", "with siblings"), ("n", "its node"), ("a", "all"), ("f", "freest node"));
        OverlayKeys.Draw(inside, 1, y++, ("o", "one of each pair"), ("c", "as it is"), ("p", "priority"));
        OverlayKeys.Draw(inside, 1, y, ("enter", "show what would happen"), ("esc", "close"));
    }

    private static void DrawRow(DrawContext inside, CoreRow row, CoreChoice choice, int y)
    {
        if (row.Cores.IsEmpty)
        {
            string memory = row.Memory is { } known ? $", {Figures.Bytes(known.FreeBytes)} free{(known.TotalBytes.TryGet(out long total) ? $" of {Figures.Bytes(total)}" : "")}" : "";
            inside.Write(1, y, string.Create(CultureInfo.InvariantCulture, $"NUMA node {row.Node}{memory}"), Tone.Dim);
            return;
        }

        int x = 2;
        for (int i = 0; i < row.Cores.Length; i++)
        {
            LogicalCore core = row.Cores[i];
            bool chosen = choice.Chosen.Contains(core.Id), selected = core.Id == choice.Core;
            bool joined = i > 0 && (row.Cores[i - 1].Package, row.Cores[i - 1].PhysicalCore) == (core.Package, core.PhysicalCore);
            if (joined) inside.Write(x - 1, y, "+", Tone.Dim);
            Style style = selected ? inside.Theme.SelectedRow() : inside.Theme.Style(chosen ? Tone.Accent : Tone.Dim);
            string text = string.Create(CultureInfo.InvariantCulture, $"{(chosen ? 'x' : inside.Glyphs == GlyphSet.Ascii ? '.' : '·')}{core.Id}");
            inside.Write(x, y, CoreGrid.CellWidth - 1, text, chosen ? style.Bold() : style);
            x += CoreGrid.CellWidth;
        }
    }

    private static void Label(DrawContext inside, int y, string label, string text, Tone tone)
    {
        inside.Write(1, y, label, Tone.Dim);
        inside.Write(11, y, inside.Surface.Width - 12, text, inside.Theme.Style(tone));
    }
}
