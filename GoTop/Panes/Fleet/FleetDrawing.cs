using System.Collections.Immutable;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Fleet;

internal static class FleetDrawing
{
    private const int HeadRows = 1, LabelColumns = 20, ValueColumns = 11, PeerColumns = 24, WideEnoughForPeers = 100;

    /// <summary>Rows of the table that fit.</summary>
    /// <param name="troubled">Sources that say what is wrong: a line each.</param>
    public static int VisibleRows(int height, int troubled) => Math.Max(0, height - HeadRows - Widgets.Table.HeadRows - Detail(height) - Notes(height, troubled));

    public static void Draw(FleetView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        int x = ViewBar.Draw(view.Views, view.View, context.Slice(0, 0, width, 1)) + 2;
        context.Write(x, 0, Math.Max(0, width - x), view.Status, context.Theme.Style(view.StatusTone));
        DrawContext body = context.Slice(0, HeadRows, width, height - HeadRows);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, body);
            return;
        }

        if (view.Opened is { } opened)
        {
            DrawOpened(opened, body);
            return;
        }

        int detail = Detail(height), notes = Notes(height, view.Troubled.Length);
        for (int i = 0; i < notes; i++)
        {
            FleetPart source = view.Troubled[i];
            context.Write(0, HeadRows + i, width, $"{source.Source}: {source.Reason}", context.Theme.Style(SourceTable.ToneOf(source.State == SourceState.Ok ? SourceState.Stale : source.State)));
        }

        Widgets.Table.Draw(view.Table!, context.Slice(0, HeadRows + notes, width, height - HeadRows - notes - detail));
        if (view.Table!.RowCount == 0 && height > HeadRows + notes + 1) context.Write(0, HeadRows + notes + Widgets.Table.HeadRows, "Nothing passes the filter.", Tone.Dim);
        if (detail > 0 && view.Selected is { } selected) DrawSelected(selected, context.Slice(0, height - detail, width, detail));
    }

    /// <summary>Why the selected row stands where it stands, each cause in a line of its own, since the table cuts them.</summary>
    private static void DrawSelected(RankedRow row, DrawContext context)
    {
        DrawContext inside = Box.Ruled(context, $"{row.Row.Service} {row.Row.Name}", row.Row.Target is null ? "enter: its figures" : "enter: watch it, →: its figures");
        int height = inside.Surface.Height, width = inside.Surface.Width;
        DrawIdentity(row.Row, inside.Slice(0, 0, width, 1));
        if (row.Causes.IsEmpty) inside.Write(0, 1, "Nothing is wrong with it that its figures tell.", Tone.Dim);
        for (int i = 0; i < Math.Min(row.Causes.Length, height - 1); i++) inside.Write(0, 1 + i, width, row.Causes[i].Text, inside.Theme.Style(FleetColumns.ToneOf(row.Causes[i])));
    }

    private static void DrawIdentity(FleetRow row, DrawContext context)
    {
        int x = 0;
        foreach ((string label, Figure value) in (ReadOnlySpan<(string, Figure)>)
        [
            ("host", Figure.Of(row.Host, text => text)), ("OS", Figure.Of(row.Os, text => text)), ("version", Figure.Of(row.Version, text => text)),
            ("Go", Figure.Of(row.GoVersion, text => text)), ("started", Figure.Of(row.StartedAt, at => Figures.Moment(context.ToZone(at)))), ("by", Figure.Plain(row.Source)),
        ])
        {
            if (x + label.Length + value.Text.Length + 3 > context.Surface.Width) break;
            x = context.Write(x, 0, label, Tone.Dim) + 1;
            x = context.Write(x, 0, value.Text, value.Tone) + 2;
        }
    }

    private static void DrawOpened(FleetOpenedView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height, y = 0;
        RankedRow row = view.Row;
        context.Write(0, y, width, $"{row.Row.Service} {row.Row.Name}", context.Theme.TitleText);
        if (row.Row.Target is not null) context.Write(width - 16, y, 16, "enter: watch it", context.Theme.DimText, Fit.End, Align.Right);
        DrawIdentity(row.Row, context.Slice(0, ++y, width, 1));
        y++;
        int causes = Math.Min(row.Causes.Length, Math.Max(1, height - y - view.Figures.Length - 2));
        for (int i = 0; i < causes; i++) context.Write(0, y++, width, row.Causes[i].Text, context.Theme.Style(FleetColumns.ToneOf(row.Causes[i])));
        if (y >= height) return;
        DrawContext figures = Box.Ruled(context.Slice(0, y, width, height - y), "figures", Past(view.History));
        // The same for all rows, so that their curves tell of the same moments one above the other.
        bool hasPeers = width >= WideEnoughForPeers || view.Figures.Any(line => line.Peers.Length > 0);
        for (int i = 0; i < Math.Min(view.Figures.Length, figures.Surface.Height); i++) DrawFigure(view.Figures[i], view.History, hasPeers, figures.Slice(0, i, width, 1));
    }

    private static void DrawFigure(FleetFigureLine line, Reading<FleetHistory> history, bool hasPeers, DrawContext context)
    {
        int width = context.Surface.Width;
        context.Write(0, 0, LabelColumns, line.Info.Title, context.Theme.DimText);
        context.Write(LabelColumns, 0, ValueColumns, line.Value.Text, context.Theme.Style(line.Tone == Tone.Normal ? line.Value.Tone : line.Tone), Fit.End, Align.Right);
        int x = LabelColumns + ValueColumns + 2;
        if (line.Value.IsMissing)
        {
            context.Write(x, 0, width - x, line.Value.Reason ?? "", context.Theme.DimText);
            return;
        }

        if (hasPeers)
        {
            context.Write(x, 0, PeerColumns, line.Peers, context.Theme.Style(line.Tone));
            x += PeerColumns + 1;
        }

        if (!history.TryGet(out FleetHistory? past) || width - x < 5) return;
        Sparkline.Draw(context, x, 0, width - x, Fitted(past[line.Info.Figure], width - x), line.Info.Unit);
    }

    /// <summary>In as many cells as there are: where several moments share one, the highest stands for them, so that no peak is lost.</summary>
    private static double[] Fitted(ImmutableArray<double> values, int cells)
    {
        if (values.Length <= cells) return [.. values];
        double[] fitted = new double[cells];
        Array.Fill(fitted, double.NaN);
        for (int i = 0; i < values.Length; i++)
        {
            ref double cell = ref fitted[(int)((long)i * cells / values.Length)];
            if (double.IsNaN(cell) || values[i] > cell) cell = values[i];
        }

        return fitted;
    }

    private static string Past(Reading<FleetHistory> history) => history.TryGet(out FleetHistory? past)
        ? past.Length == TimeSpan.Zero ? "no past yet" : $"the last {Figures.Age(past.Length.TotalSeconds)}"
        : Figure.Why(history.State, history.Reason);

    private static int Detail(int height) => height >= 18 ? height >= 30 ? 7 : 5 : 0;

    private static int Notes(int height, int troubled) => height >= 8 ? Math.Min(troubled, 2) : 0;
}
