using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Sampling;
using GoTop.Widgets;
using GoTop.Widgets.Flame;

namespace GoTop.Panes.Profiles;

internal static class ProfileDrawing
{
    private const int LegendGap = 2;

    public static void Draw(ProfilePaneView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        DrawHead(view.Head, context, view.HeadRows);
        DrawContext body = context.Slice(0, view.HeadRows, width, height - view.HeadRows);
        if (view.Flame is { } flame) DrawFlame(view, flame, body);
        else DrawTable(view, body);
    }

    /// <param name="rows">1 for the title alone, 3 with the verdict and the tabs; of more, the verdict takes them.</param>
    public static void DrawHead(ProfileHead head, DrawContext context, int rows)
    {
        int x = context.Write(0, 0, head.Title, Tone.Title) + 2;
        string moment = head.TakenAt is { } taken ? $"{head.Covers} {Figures.Clock(context.ToZone(taken))}" : head.Covers;
        context.Write(x, 0, moment + head.Status, head.StatusTone);
        if (rows > 3) context.WriteWrapped(0, 1, context.Surface.Width, rows - 2, head.Verdict, context.Theme.Style(head.VerdictTone));
        else if (rows > 1) context.Write(0, 1, head.Verdict, head.VerdictTone);
        if (rows > 2) DrawTabs(head, context.Slice(0, rows - 1, context.Surface.Width, 1));
    }

    private static void DrawTabs(ProfileHead head, DrawContext line)
    {
        int x = ViewBar.Draw(head.Tabs, head.Tab, line);
        x = line.Write(x + 1, 0, head.Aside, Tone.Accent) + LegendGap;
        if (head.Legend == FlameLegend.None) return;
        FlamePaints paints = new(line);
        (string Name, (Screen.Style Style, char Fill) Look)[] entries = head.Legend == FlameLegend.Growth
            ? [("grew", paints.Of(1.0)), ("shrank", paints.Of(-1.0)), ("as before", paints.Plain)]
            : [("own", paints.Of(CodeOrigin.Own)), ("modules", paints.Of(CodeOrigin.Library)), ("std", paints.Of(CodeOrigin.Standard)), ("runtime", paints.Of(CodeOrigin.Runtime))];
        int at = line.Surface.Width - entries.Sum(entry => entry.Name.Length + 2 + LegendGap) + LegendGap;
        if (at < x) return;
        foreach ((string name, (Screen.Style style, char fill)) in entries)
        {
            line.Surface.Put(at, 0, new Rune(fill), style);
            at = line.Write(at + 2, 0, name, Tone.Dim) + LegendGap;
        }
    }

    private static void DrawFlame(ProfilePaneView view, FlameView flame, DrawContext body)
    {
        int height = body.Surface.Height, details = Math.Min(view.Details.Length, Math.Max(0, height - 1));
        if (flame.Layout.Rows.IsEmpty) body.WriteWrapped(0, 0, body.Surface.Width, Math.Max(0, height), view.Empty, body.Theme.DimText);
        FlameGraph.Draw(flame, body.Slice(0, 0, body.Surface.Width, height - details));
        for (int i = 0; i < details; i++) body.Write(0, height - details + i, view.Details[i].Text, view.Details[i].Tone);
    }

    private static void DrawTable(ProfilePaneView view, DrawContext body)
    {
        if (view.Table is not { } table) return;
        Table.Draw(table, body);
        if (table.RowCount == 0) body.WriteWrapped(0, Table.HeadRows, body.Surface.Width, Math.Max(0, body.Surface.Height - Table.HeadRows), view.Empty, body.Theme.DimText);
    }
}
