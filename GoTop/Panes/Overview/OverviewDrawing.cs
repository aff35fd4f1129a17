using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Overview;

/// <summary>Findings above, then columns of figures, then groups and sources; what matters least goes first when room is short.</summary>
internal static class OverviewDrawing
{
    private const int ColumnGap = 2;

    public static void Draw(OverviewView view, DrawContext context)
    {
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        bool roomy = width >= 110 && height >= 30;
        int y = DrawFindings(view, context, Math.Max(1, height * 2 / 5));
        y += DrawService(view.Service, context, y, height - y);
        y += DrawTrace(view, context, y, roomy);
        if (roomy) y++;
        ImmutableArray<ImmutableArray<FigureBlock>> columns = Columns(view.Blocks!, width);
        bool sourcesBelow = columns.Length < 3;
        int sourceRows = sourcesBelow ? SourceLines(view.Sources, width, height) : 0;
        int left = height - y - sourceRows;
        int groupRows = GroupRows(view, left);
        int wanted = columns.Max(column => column.Sum(block => block.Rows.Length + Box.Rows(roomy)));
        int blocks = Math.Min(wanted, left - groupRows);
        DrawBlocks(view, context.Slice(0, y, width, blocks), columns, roomy);
        y += blocks;
        if (roomy) y += DrawCurves(view, context, y, height - y - groupRows - 2, columns.Length);
        int bottom = height - y - sourceRows;
        if (sourcesBelow)
        {
            DrawGroups(view, context.Slice(0, y, width, bottom), false);
            DrawSourceLines(view.Sources, context.Slice(0, y + bottom, width, sourceRows));
            return;
        }

        int groupWidth = width * 3 / 5;
        DrawGroups(view, context.Slice(0, y, groupWidth, bottom), roomy);
        DrawContext sources = Box.Draw(context.Slice(groupWidth + 1, y, width - groupWidth - 1, bottom), roomy, "Sources");
        Table.Draw(SourceTable.Of(view.Sources), sources);
    }

    /// <summary>Every finding's title before any finding's evidence; the most severe gets its evidence first.</summary>
    private static int DrawFindings(OverviewView view, DrawContext context, int rows)
    {
        int width = context.Surface.Width;
        if (view.Findings.IsEmpty)
        {
            context.Write(0, 0, 2, context.Glyphs.Bullet, context.Theme.Style(view.VerdictTone));
            return Math.Max(1, context.WriteWrapped(2, 0, width - 2, Math.Min(2, rows), view.Verdict, context.Theme.Style(view.VerdictTone)));
        }

        int titles = Math.Min(view.Findings.Length, rows), spare = rows - titles, y = 0;
        bool cut = titles < view.Findings.Length;
        for (int i = 0; i < titles; i++)
        {
            Finding finding = view.Findings[i];
            Tone tone = finding.Severity.ToTone();
            string word = finding.Severity switch { Severity.Critical => "CRITICAL", Severity.Warning => "WARNING", _ => "notice" };
            string more = cut && i == titles - 1 ? $"  (and {view.Findings.Length - titles} more)" : "";
            int x = context.Write(0, y, 2, context.Glyphs.Bullet, context.Theme.Style(tone)) + 1;
            if (width >= 60)
            {
                context.Write(x, y, word, tone);
                x += 10;
            }

            int room = width - x - more.Length;
            int end = context.Write(x, y, room, finding.Title, context.Theme.Style(tone).Bold());
            context.Write(end, y++, more, Tone.Dim);
            if (spare <= 0) continue;
            int indent = width >= 60 ? 12 : 2;
            int used = context.WriteWrapped(indent, y, width - indent, Math.Min(spare, 3), finding.Detail, context.Theme.Text);
            spare -= used;
            y += used;
            if (spare <= 0) continue;
            used = context.WriteWrapped(indent, y, width - indent, Math.Min(spare, 2), finding.Advice, context.Theme.Style(Tone.Accent));
            spare -= used;
            y += used;
        }

        return y;
    }

    /// <summary>In dim, since it tells of a moment past.</summary>
    private static int DrawTrace(OverviewView view, DrawContext context, int y, bool roomy)
    {
        if (view.Trace is not { } trace || context.Surface.Height < 18) return 0;
        int width = context.Surface.Width;
        return context.WriteWrapped(2, y, width - 2, roomy ? 3 : 1, trace, context.Theme.DimText);
    }

    /// <summary>One row for each protocol; returns the rows taken.</summary>
    private static int DrawService(ImmutableArray<ServiceLine> lines, DrawContext context, int y, int spare)
    {
        // Where there is hardly room for the figures, the service's own take no more of it.
        if (spare < 8) return 0;
        int width = context.Surface.Width;
        foreach (ServiceLine line in lines)
        {
            context.Write(0, y, 2, context.Glyphs.Bullet, context.Theme.Style(Tone.Accent));
            int x = context.Write(2, y, width - 2, line.Protocol, context.Theme.Style(Tone.Accent)) + 1;
            foreach ((string label, Figure value) in line.Figures)
            {
                int length = label.Length + 1 + PlainCells.Columns(value.Text);
                if (x + 1 + length > width) break;
                x = context.Write(x + 1, y, width - x - 1, label, context.Theme.DimText) + 1;
                x = context.Write(x, y, width - x, value.Text, context.Theme.Style(value.Tone)) + 1;
            }

            if (width - x - 1 >= 12) context.Write(x + 1, y, width - x - 1, line.Metrics, context.Theme.DimText, Fit.End);
            y++;
        }

        return lines.Length;
    }

    private static ImmutableArray<ImmutableArray<FigureBlock>> Columns(OverviewBlocks blocks, int width) => width switch
    {
        < 60 => [[blocks.Runtime, blocks.Process, blocks.Gc, blocks.Scheduler]],
        < 110 => [[blocks.Runtime, blocks.Gc, blocks.Host], [blocks.Process, blocks.Scheduler, blocks.Container]],
        < 170 => [[blocks.Process, blocks.Container], [blocks.Runtime, blocks.Gc], [blocks.Scheduler, blocks.Host]],
        _ => [[blocks.Process], [blocks.Runtime], [blocks.Gc, blocks.Scheduler], [blocks.Host, blocks.Container]],
    };

    private static void DrawBlocks(OverviewView view, DrawContext context, ImmutableArray<ImmutableArray<FigureBlock>> columns, bool framed)
    {
        int gap = framed ? 1 : ColumnGap, width = context.Surface.Width, x = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            int right = (width + gap) * (i + 1) / columns.Length - gap;
            DrawColumn(view, context.Slice(x, 0, right - x, context.Surface.Height), columns[i], framed);
            x = right + gap;
        }
    }

    private static void DrawColumn(OverviewView view, DrawContext context, ImmutableArray<FigureBlock> blocks, bool framed)
    {
        int height = context.Surface.Height, y = 0;
        ReadOnlySpan<int> rows = Share(blocks, height, framed);
        for (int i = 0; i < blocks.Length && rows[i] > 0; i++)
        {
            // The last box reaches down to the row where all columns end.
            int tall = i == blocks.Length - 1 || rows[i + 1] == 0 ? height - y : rows[i] + Box.Rows(framed);
            DrawContext inside = Box.Draw(context.Slice(0, y, context.Surface.Width, tall), framed, blocks[i].Title);
            FigureList.Draw(inside, blocks[i].Rows, view.History);
            y += tall;
        }
    }

    /// <summary>As many curves side by side as there are columns above; returns the rows taken.</summary>
    private static int DrawCurves(OverviewView view, DrawContext context, int y, int spare, int columns)
    {
        const int Fewest = 7, Most = 12;
        if (spare < Fewest) return 0;
        int rows = Math.Min(spare, Most), width = context.Surface.Width, x = 0, count = Math.Min(columns, view.Curves.Length);
        for (int i = 0; i < count; i++)
        {
            int right = (width + 1) * (i + 1) / count - 1;
            BrailleCurve.Draw(view.Curves[i].Curve, Box.Framed(context.Slice(x, y, right - x, rows), view.Curves[i].Title));
            x = right + 1;
        }

        return rows;
    }

    /// <summary>Rows for each block: the longest gives first, down to three; then the last block goes.</summary>
    private static int[] Share(ImmutableArray<FigureBlock> blocks, int height, bool framed)
    {
        const int Least = 3;
        int[] rows = [.. blocks.Select(block => block.Rows.Length)];
        for (int shown = blocks.Length; shown > 0; shown--)
        {
            while (rows.Sum() + (shown * Box.Rows(framed)) > height)
            {
                int longest = Array.IndexOf(rows, rows.Max());
                if (rows[longest] <= (shown == 1 ? 1 : Least)) break;
                rows[longest]--;
            }

            if (rows.Sum() + (shown * Box.Rows(framed)) <= height) return rows;
            rows[shown - 1] = 0;
            for (int i = 0; i < shown - 1; i++) rows[i] = blocks[i].Rows.Length;
        }

        return rows;
    }

    /// <summary>Rows kept for the groups; the figures have the rest.</summary>
    private static int GroupRows(OverviewView view, int left)
    {
        int wanted = Math.Min(12, (view.Groups?.RowCount ?? 1) + 4);
        return left switch { < 12 => 0, < 18 => Math.Min(5, wanted), < 26 => Math.Min(8, wanted), _ => Math.Max(wanted, 9) };
    }

    private static void DrawGroups(OverviewView view, DrawContext context, bool framed)
    {
        if (context.Surface.Height < 3) return;
        DrawContext inside = Box.Draw(context, framed, view.GroupsTitle);
        if (view.Groups is { } groups) Table.Draw(groups, inside);
        else inside.WriteWrapped(0, 0, inside.Surface.Width, inside.Surface.Height, view.GroupsMissing, context.Theme.DimText);
    }

    /// <summary>Where room is short, sources in a line; those with trouble have a line each.</summary>
    private static int SourceLines(ImmutableArray<SourceStatus> sources, int width, int height)
    {
        if (sources.IsEmpty || height < 8) return 0;
        int troubled = sources.Count(source => source.State is SourceState.Denied or SourceState.Failed or SourceState.Stale);
        return 1 + (height >= 16 && width >= 60 ? Math.Min(troubled, 3) : 0);
    }

    /// <summary>By state, so that trouble comes first and each source needs its name alone; with its cost where all fit.</summary>
    private static void DrawSourceLines(ImmutableArray<SourceStatus> sources, DrawContext context)
    {
        if (context.Surface.Height < 1) return;
        bool costs = sources.Sum(source => source.Name.Length + 9) + (sources.Select(source => source.State).Distinct().Count() * 12) < context.Surface.Width;
        int x = context.Write(0, 0, "sources", Tone.Dim) + 1;
        foreach (IGrouping<SourceState, SourceStatus> same in sources.OrderByDescending(source => source.State).GroupBy(source => source.State))
        {
            x = context.Write(x, 0, SourceTable.WordOf(same.Key) + ":", SourceTable.ToneOf(same.Key)) + 1;
            foreach (SourceStatus source in same)
            {
                x = context.Write(x, 0, source.Name) + 1;
                if (costs && source is { State: SourceState.Ok, CostMilliseconds: { } took }) x = context.Write(x, 0, Figures.Nanoseconds(took * 1e6), Tone.Dim) + 1;
            }

            x++;
        }

        int y = 1;
        foreach (SourceStatus source in sources)
        {
            if (source.State is not (SourceState.Denied or SourceState.Failed or SourceState.Stale)) continue;
            context.Write(0, y++, $"{source.Name} {SourceTable.WordOf(source.State)}: {source.Reason}", SourceTable.ToneOf(source.State));
        }
    }
}
