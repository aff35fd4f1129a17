using System.Text;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>A curve one row high, newest at the right, a tick to a cell. A tick without a figure leaves its cell empty.</summary>
public static class Sparkline
{
    /// <param name="style">Of the cells; null for the theme's gradient by height.</param>
    public static void Draw(DrawContext context, int x, int y, int width, ReadOnlySpan<double> values, Unit unit, Style? style = null)
    {
        if (width <= 0) return;
        if (values.Length > width) values = values[^width..];
        (double low, double high) = Range(values, unit);
        string bars = context.Glyphs.Bars;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            double share = high > low ? Math.Clamp((values[i] - low) / (high - low), 0, 1) : 0;
            int level = 1 + (int)Math.Round(share * (bars.Length - 2));
            Style cell = style ?? new Style(context.Theme.Graph(share), context.Theme.Background);
            context.Surface.Put(x + width - values.Length + i, y, new Rune(bars[level]), cell);
        }
    }

    /// <summary>The same as text, from nothing to a known top, for a table's cell.</summary>
    public static string Text(ReadOnlySpan<double> values, int width, double top)
    {
        if (values.Length > width) values = values[^width..];
        string bars = GlyphSet.Unicode.Bars;
        Span<char> text = stackalloc char[values.Length];
        for (int i = 0; i < values.Length; i++)
            text[i] = double.IsNaN(values[i]) ? ' ' : bars[1 + (int)Math.Round(Math.Clamp(values[i] / top, 0, 1) * (bars.Length - 2))];
        return text.ToString();
    }

    /// <summary>
    /// Rates stand on zero. A stock (bytes held, goroutines alive) stands on its lowest value, so that a slow growth
    /// shows; but a change of under a twentieth stays as low as it is small.
    /// </summary>
    internal static (double Low, double High) Range(ReadOnlySpan<double> values, Unit unit)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        if (least > most) return (0, 0);
        if (unit is not (Unit.Bytes or Unit.Count)) return (Math.Min(0, least), most);
        return most - least >= Math.Abs(most) / 20 ? (least, most) : (least, least + Math.Max(1, Math.Abs(most) / 20));
    }
}
