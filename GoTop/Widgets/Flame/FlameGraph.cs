using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets.Flame;

/// <summary>What a flame graph shows.</summary>
/// <param name="Layout">Made for the width that it is drawn in.</param>
/// <param name="OriginOf">Whose code a node is.</param>
/// <param name="ShareOf">A node's share in words, for its label.</param>
public sealed record FlameView(IFlameTree Tree, FlameLayout Layout, Func<int, CodeOrigin> OriginOf, Func<int, string> ShareOf)
{
    /// <summary>First row shown.</summary>
    public int Top { get; init; }

    /// <summary>−1 for none.</summary>
    public int Selected { get; init; } = -1;

    /// <summary>While something is searched for: whether the node matches. The others step back.</summary>
    public Func<int, bool>? IsMatch { get; init; }

    /// <summary>While compared: from −1 (nothing is left of it) over 0 (as before) to 1 (was not there before). Colours then stand for it.</summary>
    public Func<int, double>? GrowthOf { get; init; }

    /// <summary>All of it is old: shown without its colours.</summary>
    public bool IsStale { get; init; }
}

/// <summary>A call tree as bars, each as wide as its share. Edges and labels tell frames apart where there are no colours.</summary>
public static class FlameGraph
{
    private const int NarrowestLabel = 4;

    public static void Draw(FlameView view, DrawContext context)
    {
        FlamePaints paints = new(context);
        int rows = context.Surface.Height;
        for (int y = 0; y < rows && view.Top + y < view.Layout.Rows.Length; y++)
        {
            foreach (FlameBar bar in view.Layout.Rows[view.Top + y]) DrawBar(view, bar, y, context, paints);
        }
    }

    private static void DrawBar(FlameView view, FlameBar bar, int y, DrawContext context, FlamePaints paints)
    {
        Surface surface = context.Surface;
        if (bar.Node < 0)
        {
            for (int x = 0; x < bar.Width; x++) surface.Put(bar.Left + x, y, new Rune(paints.TooNarrow), context.Theme.DimText);
            return;
        }

        (Style style, char fill) = StyleOf(view, bar.Node, paints);
        surface.Put(bar.Left, y, new Rune(context.Glyphs.Vertical), style);
        for (int x = 1; x < bar.Width; x++) surface.Put(bar.Left + x, y, new Rune(fill), style);
        int room = bar.Width - 1;
        if (bar.Width < NarrowestLabel) return;
        string name = view.Tree.NameOf(bar.Node);
        ReadOnlySpan<char> brief = Drawing.WithoutImportPath(name);
        string share = view.ShareOf(bar.Node);
        int columns = PlainCells.Columns(brief);
        if (columns > room)
        {
            // Its colour tells the package; what it is called tells more than where it is from.
            brief = WithoutPackage(brief);
            columns = PlainCells.Columns(brief);
        }

        int end = context.Write(bar.Left + 1, y, room, brief, style);
        if (columns + 1 + share.Length > room) return;
        end = context.Write(end, y, 1, " ", style);
        end = context.Write(end, y, share.Length, share, style);
        if (fill != ' ' && end < bar.Left + bar.Width) surface.Put(end, y, new Rune(' '), style);
    }

    private static (Style Style, char Fill) StyleOf(FlameView view, int node, FlamePaints paints)
    {
        if (node == view.Selected) return paints.Selected;
        if (view.IsMatch is { } matches && !matches(node)) return paints.Receding;
        (Style style, char fill) = view.IsStale ? paints.Plain : view.GrowthOf is { } growth ? paints.Of(growth(node)) : node == 0 ? paints.Plain : paints.Of(view.OriginOf(node));
        return view.IsMatch is null ? (style, fill) : (style.Bold(), fill);
    }

    /// <summary><c>orders.(*Handler).Create</c> → <c>(*Handler).Create</c>.</summary>
    private static ReadOnlySpan<char> WithoutPackage(ReadOnlySpan<char> function)
    {
        int dot = function.IndexOf('.');
        return dot < 0 || dot + 1 == function.Length ? function : function[(dot + 1)..];
    }
}

/// <summary>The styles of a flame graph in a theme, and what fills bars where the theme has no colours.</summary>
internal readonly struct FlamePaints(DrawContext context)
{
    /// <summary>Bars as strong as curves would glare; so they lean towards the background a little.</summary>
    private const double TowardBackground = 0.2;

    /// <summary>Less than this is as before.</summary>
    private const double SmallestGrowth = 0.02;

    private bool IsColourless => context.Theme.Foreground.IsDefault && context.Theme.GraphLow.IsDefault;

    public char TooNarrow => context.Glyphs.Braille ? '┄' : '~';

    public (Style Style, char Fill) Selected => (context.Theme.SelectedRow().Bold(), ' ');

    /// <summary>Not what is searched for.</summary>
    public (Style Style, char Fill) Receding => (new Style(context.Theme.Dim, context.Theme.HeaderBackground), ' ');

    /// <summary>The root, what has no colour of its own, and what did not change.</summary>
    public (Style Style, char Fill) Plain => (new Style(context.Theme.Foreground, context.Theme.Border), ' ');

    public (Style Style, char Fill) Of(CodeOrigin origin) => origin switch
    {
        CodeOrigin.Own => (On(context.Theme.GraphMiddle), Fill('=')),
        CodeOrigin.Library => (On(context.Theme.GraphThird), Fill('~')),
        CodeOrigin.Standard => (On(context.Theme.GraphLow), Fill('-')),
        CodeOrigin.Runtime => (On(context.Theme.GraphSecond), Fill('.')),
        _ => Plain,
    };

    /// <param name="growth">−1 to 1.</param>
    public (Style Style, char Fill) Of(double growth)
    {
        if (double.IsNaN(growth) || Math.Abs(growth) < SmallestGrowth) return Plain;
        Paint end = growth > 0 ? context.Theme.GraphHigh : context.Theme.GraphLow;
        // From a third on, so that a little is told from none.
        Paint paint = context.Theme.Dim.Toward(end, 0.35 + (Math.Min(1, Math.Abs(growth)) * 0.65));
        return (On(paint), Fill(growth > 0 ? '+' : '-'));
    }

    private Style On(Paint paint) => new(context.Theme.Background, paint.Toward(context.Theme.Background, paint.IsDefault ? 0 : TowardBackground));

    private char Fill(char colourless) => IsColourless ? colourless : ' ';
}
