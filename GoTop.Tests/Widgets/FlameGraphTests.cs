using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Themes;
using GoTop.Widgets.Flame;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class FlameGraphTests
{
    private static readonly SmallFlameTree Tree = new(
        "main.main;github.com/acme/api/orders.(*Handler).Create;encoding/json.Marshal;runtime.mallocgc 50",
        "main.main;github.com/acme/api/orders.(*Handler).Create;encoding/json.Marshal 12",
        "main.main;github.com/acme/api/orders.(*Handler).Create;crypto/sha256.block 8",
        "main.main;github.com/acme/api/orders.(*Handler).Create 6",
        "runtime.gcBgMarkWorker;runtime.scanobject 20",
        "runtime.mcall;runtime.schedule 1", "runtime.mstart 1", "runtime.sysmon 1", "os.signal 1");

    [Fact]
    public void Bars_are_nested_as_wide_as_their_share_and_never_overlap()
    {
        for (int width = 1; width <= 130; width++)
        {
            FlameLayout layout = FlameLayout.Of(Tree, 0, width);
            Assert.Equal(new FlameBar(0, 0, width), Assert.Single(layout.Rows[0]));
            for (int row = 1; row < layout.Rows.Length; row++)
            {
                int end = 0;
                foreach (FlameBar bar in layout.Rows[row])
                {
                    Assert.True(bar.Left >= end && bar.Width > 0);
                    end = bar.Left + bar.Width;
                    if (bar.Node < 0) continue;
                    FlameBar parent = Assert.Single(layout.Rows[row - 1], candidate => candidate.Node == Tree.ParentOf(bar.Node));
                    Assert.True(bar.Left >= parent.Left && end <= parent.Left + parent.Width);
                    Assert.InRange(bar.Width - (Tree.ValueOf(bar.Node) / 100.0 * width), -1, 1);
                }

                Assert.True(end <= width);
            }
        }
    }

    [Fact]
    public void What_is_zoomed_to_takes_the_whole_width()
    {
        int json = new FlamePath("main.main", "github.com/acme/api/orders.(*Handler).Create", "encoding/json.Marshal").FindIn(Tree, out bool found);
        Assert.True(found);
        FlameLayout layout = FlameLayout.Of(Tree, json, 62);
        Assert.Equal(new FlameBar(json, 0, 62), layout.Rows[0][0]);
        Assert.Equal(50, layout.Rows[1][0].Width);
        Assert.Equal(2, layout.Rows.Length);
    }

    [Fact]
    public void A_path_finds_its_frame_in_another_tree_or_the_nearest_caller()
    {
        FlamePath path = FlamePath.Of(Tree, 4);
        Assert.Equal("runtime.mallocgc", path.Name);
        Assert.Equal(path, FlamePath.Of(Tree, path.FindIn(Tree, out _)));
        SmallFlameTree later = new("os.signal 9", "main.main;github.com/acme/api/orders.(*Handler).Create;x 3");
        int nearest = path.FindIn(later, out bool found);
        Assert.False(found);
        Assert.Equal("github.com/acme/api/orders.(*Handler).Create", later.NameOf(nearest));
    }

    [Fact]
    public void A_frame_too_narrow_to_be_seen_stands_for_by_its_caller()
    {
        FlameLayout layout = FlameLayout.Of(Tree, 0, 30);
        int schedule = new FlamePath("runtime.mcall", "runtime.schedule").FindIn(Tree, out _);
        Assert.Equal((0, 0), layout.Find(Tree, schedule));
        int sha = new FlamePath("main.main", "github.com/acme/api/orders.(*Handler).Create", "crypto/sha256.block").FindIn(Tree, out _);
        Assert.Equal((3, 1), layout.Find(Tree, sha));
    }

    [Fact]
    public void Labels_edges_and_what_is_too_narrow_are_legible_without_colours()
    {
        FlameView view = View(60);
        GoldenScreens.AssertSame("flame", Draw(view, 60, 6, GoldenScreens.Theme, GlyphSet.Unicode).ToString());
        GoldenScreens.AssertSame("flame-monochrome", Draw(view, 60, 6, Theme.Monochrome, GlyphSet.Ascii).ToString());
        GoldenScreens.AssertSame("flame-narrow", Draw(View(40), 40, 6, GoldenScreens.Theme, GlyphSet.Unicode).ToString());
        FlameView compared = view with { GrowthOf = node => node == 4 ? 1 : node == 2 ? -0.4 : 0 };
        GoldenScreens.AssertSame("flame-compared-monochrome", Draw(compared, 60, 6, Theme.Monochrome, GlyphSet.Unicode).ToString());
    }

    [Fact]
    public void Colours_tell_whose_code_it_is_what_is_selected_what_matches_and_what_grew()
    {
        Theme theme = GoldenScreens.Theme;
        Canvas kinds = Draw(View(100) with { Selected = 2 }, 100, 6, theme, GlyphSet.Unicode);
        Assert.Equal(4, new[] { Background(kinds, 1), Background(kinds, 3), Background(kinds, 4), theme.Border }.Distinct().Count());
        Assert.Equal(theme.SelectionBackground, Background(kinds, 2));
        Assert.Equal(theme.Border, Background(kinds, 0));

        Canvas searched = Draw(View(100) with { IsMatch = node => node == 3 }, 100, 6, theme, GlyphSet.Unicode);
        Assert.Equal(theme.HeaderBackground, Background(searched, 1));
        Assert.Equal(Background(kinds, 3), Background(searched, 3));

        Canvas compared = Draw(View(100) with { GrowthOf = node => node == 1 ? 1 : node == 2 ? -1 : 0 }, 100, 6, theme, GlyphSet.Unicode);
        Assert.True(Background(compared, 1).R > Background(compared, 1).G);
        Assert.True(Background(compared, 2).G > Background(compared, 2).R);
        Assert.Equal(theme.Border, Background(compared, 3));

        static Paint Background(Canvas canvas, int row) => canvas[5, row].Style.Background;
    }

    private static FlameView View(int width) => new(Tree, FlameLayout.Of(Tree, 0, width), OriginOf, node => Figures.Percent(Tree.ValueOf(node)));

    private static CodeOrigin OriginOf(int node) => Tree.NameOf(node) switch
    {
        { } name when name.StartsWith("runtime", StringComparison.Ordinal) => CodeOrigin.Runtime,
        { } name when name.StartsWith("main", StringComparison.Ordinal) || name.StartsWith("github", StringComparison.Ordinal) => CodeOrigin.Own,
        _ => CodeOrigin.Standard,
    };

    private static Canvas Draw(FlameView view, int width, int height, Theme theme, GlyphSet glyphs)
    {
        Canvas canvas = new(width, height);
        FlameGraph.Draw(view, new DrawContext(canvas.All, theme, glyphs));
        return canvas;
    }
}
