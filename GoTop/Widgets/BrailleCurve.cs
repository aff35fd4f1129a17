using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>Which of the theme's graph colours a line has.</summary>
public enum CurveColor : byte
{
    /// <summary>The gradient by height.</summary>
    Gradient,
    Second,
    Third,
}

/// <param name="Values">A tick each, newest last; NaN is a gap.</param>
public sealed record CurveLine(string Name, ReadOnlyMemory<double> Values, CurveColor Color = CurveColor.Gradient)
{
    /// <summary>The latest ticks of a series.</summary>
    public static CurveLine Of(HistoryView history, NamedFigure series, string name, int ticks)
    {
        ReadOnlySpan<double> values = history[series];
        return new CurveLine(name, (values.Length > ticks ? values[^ticks..] : values).ToArray());
    }

    /// <summary>The area below it is filled.</summary>
    public bool Filled { get; init; }

    /// <summary>A line that is the same everywhere, such as a limit: it does not stretch the axis to much more than the others need.</summary>
    public bool IsLimit { get; init; }
}

/// <param name="SecondsPerTick">For the time axis; null when not known yet.</param>
public sealed record CurveView(Unit Unit, ImmutableArray<CurveLine> Lines, double? SecondsPerTick)
{
    /// <summary>Top of the axis; null for what the values need.</summary>
    public double? Top { get; init; }

    public static double? SecondsBetween(HistoryView history) =>
        history.Count < 2 ? null : (history.Times[^1] - history.Times[0]).TotalSeconds / (history.Count - 1);
}

/// <summary>
/// Curves over time on a plane of dots: braille (2 × 4 to a cell), or a character to a cell in ASCII. The y axis has
/// its unit, the x axis says how long ago; a legend names the lines.
/// </summary>
public static class BrailleCurve
{
    /// <summary>A limit is left off the plane when it is this many times higher than the rest.</summary>
    private const double LimitReach = 3;

    private const int AxisWidth = 10;

    /// <summary>Dots of a braille cell, by column and row.</summary>
    private static readonly byte[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    private static readonly char[] AsciiLines = ['*', '+', '-'];

    public static void Draw(CurveView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (width < AxisWidth + 4 || height < 3) return;
        // The legend goes above and the time axis below, as far as there is room for a plane between them.
        int legend = view.Lines.Length > 1 && height >= 5 ? 1 : 0, times = height >= 4 ? 1 : 0;
        Plane plane = new(width - AxisWidth, height - legend - times, context.Glyphs.Braille);
        double top = view.Top ?? NiceTop(Highest(view, plane.DotColumns), view.Unit);
        if (legend > 0) DrawLegend(view, context, top);
        DrawAxis(context, view.Unit, top, legend, plane.Rows);
        for (int i = 0; i < view.Lines.Length; i++) plane.Add(view.Lines[i], i, top);
        DrawPlane(view, context.Slice(AxisWidth, legend, plane.Columns, plane.Rows), plane);
        if (times > 0) DrawTimes(view, context, height - 1, plane.DotColumns);
    }

    /// <summary>The next round number at or above, so that the axis does not move with every tick.</summary>
    internal static double NiceTop(double highest, Unit unit)
    {
        if (!(highest > 0)) return unit == Unit.Percent ? 1 : unit == Unit.Bytes ? 1024 : 1;
        double step = unit is Unit.Bytes or Unit.BytesPerSecond ? 1024 : 1000, scale = 1;
        while (highest / scale >= step) scale *= step;
        while (highest / scale < 1) scale /= step;
        foreach (double top in (ReadOnlySpan<double>)[1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 600, 800])
        {
            if (highest / scale <= top) return top * scale;
        }

        return step * scale;
    }

    private static double Highest(CurveView view, int ticks)
    {
        double highest = 0, limit = 0;
        foreach (CurveLine line in view.Lines)
        {
            ReadOnlySpan<double> values = Latest(line.Values.Span, ticks);
            foreach (double value in values)
            {
                if (double.IsNaN(value)) continue;
                if (line.IsLimit) limit = Math.Max(limit, value);
                else highest = Math.Max(highest, value);
            }
        }

        return limit <= highest * LimitReach ? Math.Max(highest, limit) : highest;
    }

    private static ReadOnlySpan<double> Latest(ReadOnlySpan<double> values, int ticks) => values.Length > ticks ? values[^ticks..] : values;

    private static void DrawLegend(CurveView view, DrawContext context, double top)
    {
        int x = AxisWidth;
        for (int i = 0; i < view.Lines.Length; i++)
        {
            CurveLine line = view.Lines[i];
            double last = line.Values.IsEmpty ? double.NaN : line.Values.Span[^1];
            string value = double.IsNaN(last) ? Figure.MissingText : Figures.Of(view.Unit, last);
            string beyond = line.IsLimit && last > top ? " (above)" : "";
            string mark = context.Glyphs.Braille ? context.Glyphs.Bullet : AsciiLines[i % AsciiLines.Length].ToString();
            if (x + 4 >= context.Surface.Width) return;
            x = context.Write(x, 0, 2, mark, Paint(line, context, 0.2));
            x = context.Write(x + 1, 0, $"{line.Name} ", Tone.Dim);
            x = context.Write(x, 0, value + beyond) + 2;
        }
    }

    private static void DrawAxis(DrawContext context, Unit unit, double top, int y, int rows)
    {
        int steps = rows >= 11 ? 4 : rows >= 5 ? 2 : 1;
        for (int i = 0; i <= steps; i++)
        {
            // A round value in the row nearest to it.
            int row = (int)Math.Round((rows - 1) * (1 - (i / (double)steps)));
            context.Write(0, y + row, AxisWidth - 1, Figures.Of(unit, top * i / steps), context.Theme.DimText, Fit.End, Align.Right);
        }
    }

    private static void DrawTimes(CurveView view, DrawContext context, int y, int ticks)
    {
        if (view.SecondsPerTick is not { } seconds) return;
        context.Write(AxisWidth, y, $"-{Figures.Age(Math.Round(ticks * seconds))}", Tone.Dim);
        context.Write(AxisWidth, y, context.Surface.Width - AxisWidth, "now", context.Theme.DimText, Fit.End, Align.Right);
    }

    private static void DrawPlane(CurveView view, DrawContext context, Plane plane)
    {
        for (int y = 0; y < plane.Rows; y++)
        {
            double share = plane.Rows > 1 ? 1 - (y / (plane.Rows - 1.0)) : 0;
            for (int x = 0; x < plane.Columns; x++)
            {
                (byte dots, int line) = plane[x, y];
                if (dots == 0) continue;
                char glyph = context.Glyphs.Braille ? (char)(0x2800 + dots) : AsciiLines[line % AsciiLines.Length];
                context.Surface.Put(x, y, new Rune(glyph), Paint(view.Lines[line], context, share));
            }
        }
    }

    private static Style Paint(CurveLine line, DrawContext context, double share) => new(
        line.Color switch
        {
            CurveColor.Second => context.Theme.GraphSecond,
            CurveColor.Third => context.Theme.GraphThird,
            _ => context.Theme.Graph(share),
        },
        context.Theme.Background);

    /// <summary>The dots set in each cell, and the line that set them last.</summary>
    private sealed class Plane(int columns, int rows, bool braille)
    {
        private readonly (byte Dots, int Line)[] _cells = new (byte, int)[columns * rows];
        private readonly int _dotRows = braille ? rows * 4 : rows;

        public int Columns => columns;

        public int Rows => rows;

        public int DotColumns => braille ? columns * 2 : columns;

        public (byte Dots, int Line) this[int x, int y] => _cells[(y * columns) + x];

        public void Add(CurveLine line, int index, double top)
        {
            ReadOnlySpan<double> values = Latest(line.Values.Span, DotColumns);
            int first = DotColumns - values.Length, before = -1;
            for (int i = 0; i < values.Length; i++)
            {
                if (double.IsNaN(values[i]) || values[i] > top * 1.0001)
                {
                    before = -1;
                    continue;
                }

                int height = (int)Math.Round(Math.Max(0, values[i]) / top * (_dotRows - 1));
                int low = line.Filled ? 0 : before >= 0 && before < height ? before + 1 : height;
                int high = !line.Filled && before > height ? before - 1 : height;
                for (int dot = low; dot <= high; dot++) Set(first + i, _dotRows - 1 - dot, index);
                before = height;
            }
        }

        private void Set(int x, int y, int line)
        {
            if (!braille)
            {
                _cells[(y * columns) + x] = (1, line);
                return;
            }

            ref (byte Dots, int Line) cell = ref _cells[((y / 4) * columns) + (x / 2)];
            // Of two lines in one cell the later one gives the colour, and both keep their dots.
            cell = ((byte)(cell.Dots | Dots[x % 2, y % 4]), line);
        }
    }
}
