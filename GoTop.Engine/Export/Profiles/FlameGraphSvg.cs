using System.Globalization;
using System.Text;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Profiles;

/// <summary>
/// A flame graph as one SVG file that needs nothing else: the outermost frames at the bottom, widths in proportion to values, and the
/// whole name and value as the tooltip of each frame. A tree that compares is drawn by the larger of its two values: what grew is red,
/// what shrank blue.
/// </summary>
public static class FlameGraphSvg
{
    private const double Width = 1200;
    private const double Margin = 10;
    private const double RowHeight = 17;
    private const double HeadHeight = 52;
    private const double FontSize = 12;
    private const double CharacterWidth = FontSize * 0.602;

    /// <summary>Narrower frames cannot be seen.</summary>
    private const double LeastWidth = 0.25;

    private const int MaximumRows = 400;
    private const int MaximumFrames = 100_000;

    /// <param name="title">Plain text; cleaned and escaped here.</param>
    public static void Write(TextWriter output, string title, NamedTree named)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(named);
        CallTree tree = named.Tree;
        double[] sizes = Sizes(tree);
        List<Box> boxes = Layout(tree, sizes, out int rows);
        double height = HeadHeight + (rows + 1) * RowHeight + Margin;
        output.Write(Invariant(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height:0.#}\" viewBox=\"0 0 {Width} {height:0.#}\" role=\"img\" font-family=\"'DejaVu Sans Mono','Liberation Mono',Consolas,Menlo,monospace\" font-size=\"{FontSize}\">\n"));
        string clean = PlainText.Clean(title, 500);
        output.Write($"<title>{Escape(clean)}</title>\n");
        output.Write("<style>g:hover rect{stroke:#000;stroke-width:1}text{pointer-events:none;fill:#111}</style>\n");
        output.Write("<rect width=\"100%\" height=\"100%\" fill=\"#fffdf8\"/>\n");
        output.Write(Invariant($"<text x=\"{Margin}\" y=\"20\" font-size=\"15\" font-weight=\"bold\">{Escape(Shorten(clean, (int)((Width - 2 * Margin) / 9.1)))}</text>\n"));
        output.Write(Invariant($"<text x=\"{Margin}\" y=\"40\">{Escape(Head(named))}</text>\n"));
        foreach (Box box in boxes) Frame(output, named, box, height);
        output.Write("</svg>\n");
    }

    private static string Head(NamedTree named)
    {
        CallTree tree = named.Tree;
        string name = PlainText.Clean(named.Name, 100);
        string cut = tree.IsCut ? " · too many frames for all to be kept" : "";
        string total = Words(named, tree.TotalOf(0));
        return tree.HasBefore ? $"{name}: {Words(named, tree.TotalBeforeOf(0))} before, {total} after · red grew, blue shrank{cut}" : $"{name}: {total}{cut}";
    }

    private static void Frame(TextWriter output, NamedTree named, Box box, double height)
    {
        CallTree tree = named.Tree;
        string name = box.Node == 0 ? "all" : tree.NameOf(box.Node);
        double y = height - Margin - (box.Row + 1) * RowHeight;
        output.Write(Invariant($"<g><title>{Escape(Tooltip(named, box.Node, name))}</title>"));
        output.Write(Invariant($"<rect x=\"{box.X:0.##}\" y=\"{y:0.#}\" width=\"{Math.Max(box.Width - 0.4, 0.1):0.##}\" height=\"{RowHeight - 1}\" rx=\"1\" fill=\"{Colour(tree, box.Node, name)}\"/>"));
        int room = (int)((box.Width - 6) / CharacterWidth);
        if (room >= 3) output.Write(Invariant($"<text x=\"{box.X + 3:0.##}\" y=\"{y + RowHeight - 5:0.#}\">{Escape(Label(name, room))}</text>"));
        output.Write("</g>\n");
    }

    private static string Tooltip(NamedTree named, int node, string name)
    {
        CallTree tree = named.Tree;
        string now = Words(named, tree.TotalOf(node));
        if (tree.HasBefore) return $"{name}: {Words(named, tree.TotalBeforeOf(node))} → {now}";
        string flat = tree.FlatOf(node) == 0 || node == 0 ? "" : $", {Words(named, tree.FlatOf(node))} of its own";
        return $"{name}: {now} ({ProfileUnits.Percent(tree.TotalOf(node), tree.TotalOf(0))}{flat})";
    }

    private static string Words(NamedTree named, long value) => ProfileUnits.Words(value, PlainText.Clean(named.Unit, 40));

    /// <summary>What widths are in proportion to: never less than what lies above, whatever the signs are.</summary>
    private static double[] Sizes(CallTree tree)
    {
        double[] sizes = new double[tree.Count];
        for (int node = tree.Count - 1; node >= 0; node--)
        {
            sizes[node] += Math.Max(Math.Abs((double)tree.FlatOf(node)), Math.Abs((double)tree.FlatBeforeOf(node)));
            if (node > 0) sizes[tree.ParentOf(node)] += sizes[node];
        }

        return sizes;
    }

    private static List<Box> Layout(CallTree tree, double[] sizes, out int rows)
    {
        List<Box> boxes = [];
        rows = 0;
        double scale = sizes[0] > 0 ? (Width - 2 * Margin) / sizes[0] : 0;
        Stack<Box> pending = new([new Box(0, 0, Margin, Width - 2 * Margin)]);
        while (pending.TryPop(out Box box) && boxes.Count < MaximumFrames)
        {
            boxes.Add(box);
            rows = Math.Max(rows, box.Row);
            if (box.Row >= MaximumRows) continue;
            double x = box.X;
            foreach (int child in tree.ChildrenOf(box.Node))
            {
                double width = sizes[child] * scale;
                if (width >= LeastWidth) pending.Push(new Box(child, box.Row + 1, x, width));
                x += width;
            }
        }

        return boxes;
    }

    private static string Colour(CallTree tree, int node, string name)
    {
        if (tree.HasBefore) return ChangeColour(tree.TotalBeforeOf(node), tree.TotalOf(node));
        if (node == 0) return "#e6e1d3";
        uint hash = 2166136261;
        foreach (char c in name) hash = (hash ^ c) * 16777619;
        uint shade = hash % 50;
        if (name[0] is '[' or '<') return Invariant($"rgb({190 + shade / 2},{200 + shade / 2},{190 + shade / 2})");
        // What the runtime does is seldom what one looks for: cooler.
        return FunctionNames.IsRuntime(name)
            ? Invariant($"rgb({150 + shade},{185 + shade},{215 + shade / 2})")
            : Invariant($"rgb({225 + shade / 2},{130 + hash / 50 % 90},{60 + shade})");
    }

    private static string ChangeColour(long before, long after)
    {
        double larger = Math.Max(Math.Abs((double)before), Math.Abs((double)after));
        double change = larger == 0 ? 0 : Math.Clamp(((double)after - before) / larger, -1, 1);
        int fade = 235 - (int)(Math.Abs(change) * 140);
        return change switch
        {
            > 0.005 => Invariant($"rgb(240,{fade},{fade})"),
            < -0.005 => Invariant($"rgb({fade},{fade},240)"),
            _ => "rgb(235,235,235)",
        };
    }

    /// <summary>Where there is no room for all of it, the path of the package goes first.</summary>
    private static string Label(string name, int characters)
    {
        if (name.Length > characters) name = name[(FunctionNames.PackageOf(name).LastIndexOf('/') + 1)..];
        return Shorten(name, characters);
    }

    private static string Shorten(string text, int characters)
    {
        if (text.Length <= characters) return text;
        int end = Math.Max(1, characters - 1);
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }

    /// <summary>Without what XML has no room for at all.</summary>
    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' or '\ufffe' or '\uffff' => escaped.Append('\ufffd'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static string Invariant(ref System.Runtime.CompilerServices.DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);

    private readonly record struct Box(int Node, int Row, double X, double Width);
}
