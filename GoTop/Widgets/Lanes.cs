using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>What fills a part of a lane.</summary>
public enum LaneKind : byte
{
    Nothing,
    Running,
    Collecting,
    Syscall,
    Stopped,
}

/// <summary>What a lane shows in one column.</summary>
/// <param name="Kind">What filled most of that time.</param>
/// <param name="Share">How much of the time was filled by anything, 0–1.</param>
public readonly record struct LanePart(LaneKind Kind, double Share);

/// <summary>One thing's course of time.</summary>
/// <param name="Label">E.g. <c>P3</c>.</param>
/// <param name="Value">A figure for the whole lane, e.g. <c>41.0%</c>.</param>
/// <param name="Parts">A column each, <see cref="Lanes.Columns"/> of them.</param>
public sealed record Lane(string Label, string Value, ReadOnlyMemory<LanePart> Parts);

/// <summary>Lanes on one axis of time, from 0 to <paramref name="SpanNanoseconds"/>.</summary>
public sealed record LanesView(ImmutableArray<Lane> Lanes, double SpanNanoseconds)
{
    /// <summary>Lanes that stay at the top when the others scroll.</summary>
    public ImmutableArray<Lane> Pinned { get; init; } = [];

    /// <summary>First of <see cref="Lanes"/> shown.</summary>
    public int Top { get; init; }

    /// <summary>The column that is read out; −1 for none.</summary>
    public int Cursor { get; init; } = -1;
}

/// <summary>
/// What several things did at the same time, a line each: by height how much of a column's time was filled, by colour and
/// glyph with what. The axis is below.
/// </summary>
public static class Lanes
{
    /// <summary>The axis's row.</summary>
    public const int AxisRows = 1;

    private const int LabelWidth = 5;
    private const int ValueWidth = 6;
    private const int Before = LabelWidth + ValueWidth + 1;

    /// <summary>Columns between two marks of the axis, at least.</summary>
    private const int MarkDistance = 12;

    /// <summary>Shares below this are not shown: nothing is nothing, not a low bar.</summary>
    private const double LeastShare = 0.01;

    /// <summary>Columns of time in so wide a place.</summary>
    public static int Columns(int width) => Math.Max(0, width - Before);

    /// <summary>Rows for lanes that scroll in a place so high.</summary>
    public static int Rows(int height, int pinned) => Math.Max(0, height - pinned - AxisRows);

    public static void Draw(LanesView view, DrawContext context)
    {
        int height = context.Surface.Height, y = 0;
        if (context.Surface.Width <= Before) return;
        foreach (Lane lane in view.Pinned)
        {
            if (y < height - AxisRows) DrawLane(view, lane, context, y++);
        }

        for (int i = view.Top; i < view.Lanes.Length && y < height - AxisRows; i++) DrawLane(view, view.Lanes[i], context, y++);
        DrawAxis(view, context, y);
    }

    /// <summary>The kind's look at full share, for a legend.</summary>
    public static void DrawSwatch(DrawContext context, int x, int y, LaneKind kind) =>
        context.Surface.Put(x, y, Glyph(context.Glyphs, new LanePart(kind, 1)), StyleOf(context, kind));

    private static void DrawLane(LanesView view, Lane lane, DrawContext context, int y)
    {
        context.Write(0, y, LabelWidth, lane.Label, context.Theme.Text);
        context.Write(LabelWidth, y, ValueWidth, lane.Value, context.Theme.DimText, Fit.End, Align.Right);
        ReadOnlySpan<LanePart> parts = lane.Parts.Span;
        int columns = Math.Min(parts.Length, Columns(context.Surface.Width));
        for (int i = 0; i < columns; i++)
        {
            LanePart part = parts[i];
            bool shown = part.Kind != LaneKind.Nothing && part.Share >= LeastShare;
            bool read = i == view.Cursor;
            if (!shown && !read) continue;
            Style style = shown ? StyleOf(context, part.Kind) : context.Theme.Text;
            if (read) style = style with { Emphasis = style.Emphasis | Emphasis.Reverse };
            context.Surface.Put(Before + i, y, shown ? Glyph(context.Glyphs, part) : new Rune(' '), style);
        }
    }

    private static void DrawAxis(LanesView view, DrawContext context, int y)
    {
        int columns = Columns(context.Surface.Width);
        if (columns < 2 || !(view.SpanNanoseconds > 0)) return;
        // Below the marks, which may stand there as well.
        if (view.Cursor >= 0 && view.Cursor < columns)
            context.Write(Before + view.Cursor, y, 1, context.Glyphs.Up, context.Theme.Style(Tone.Accent));
        double step = Step(view.SpanNanoseconds * MarkDistance / columns);
        for (int i = 0; i * step < view.SpanNanoseconds; i++)
        {
            int x = (int)(i * step / view.SpanNanoseconds * columns);
            string text = i == 0 ? "0" : Figures.Nanoseconds(i * step);
            if (x + text.Length + 1 > columns) break;
            context.Surface.Put(Before + x, y, new Rune(context.Glyphs.Vertical), new Style(context.Theme.Border, context.Theme.Background));
            context.Write(Before + x + 1, y, text, Tone.Dim);
        }
    }

    /// <summary>The next of 1–2–5 × a power of ten.</summary>
    internal static double Step(double least)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, least))));
        return least <= decade ? decade : least <= decade * 2 ? decade * 2 : least <= decade * 5 ? decade * 5 : decade * 10;
    }

    private static Rune Glyph(GlyphSet glyphs, LanePart part)
    {
        string rising = part.Kind switch
        {
            LaneKind.Collecting => glyphs.Braille ? "░▒▓" : "ggG",
            LaneKind.Syscall => glyphs.Braille ? "▖▞▚" : "ssS",
            LaneKind.Stopped => glyphs.Braille ? "█" : "!",
            _ => glyphs.Bars[1..],
        };
        return new Rune(rising[Math.Clamp((int)Math.Ceiling(part.Share * rising.Length) - 1, 0, rising.Length - 1)]);
    }

    /// <summary>Each kind has its own glyphs as well, for themes without colours.</summary>
    private static Style StyleOf(DrawContext context, LaneKind kind) => kind == LaneKind.Stopped
        ? context.Theme.Style(Tone.Critical)
        : new Style(
            kind switch
            {
                LaneKind.Collecting => context.Theme.GraphThird,
                LaneKind.Syscall => context.Theme.GraphMiddle,
                _ => context.Theme.GraphLow,
            },
            context.Theme.Background);
}
