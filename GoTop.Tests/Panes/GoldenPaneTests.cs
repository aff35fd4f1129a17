using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Fleet;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class GoldenPaneTests
{
    private static readonly (int Width, int Height)[] Sizes = [(80, 22), (120, 38), (200, 48), (40, 10)];

    public static TheoryData<string, int, int> PanesAndSizes()
    {
        TheoryData<string, int, int> data = [];
        foreach (IPane pane in PaneCatalog.All)
        {
            foreach ((int width, int height) in Sizes) data.Add(pane.Id, width, height);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PanesAndSizes))]
    public void Every_pane_shows_a_service_in_trouble_at_every_size(string pane, int width, int height) =>
        Check(pane, width, height, "", Observations.Leak, Facts);

    [Theory]
    [MemberData(nameof(PanesAndSizes))]
    public void Every_pane_says_so_while_there_is_nothing_yet(string pane, int width, int height) =>
        Check(pane, width, height, "-empty", null, AppFacts.Empty);

    [Theory]
    [MemberData(nameof(PanesAndSizes))]
    public void Every_pane_gives_reasons_where_nothing_can_be_read(string pane, int width, int height) =>
        Check(pane, width, height, "-missing", Observations.AllMissing, AppFacts.Empty);

    [Theory]
    [MemberData(nameof(PanesAndSizes))]
    public void Every_pane_draws_in_ascii_alone_where_the_terminal_has_no_more(string pane, int width, int height)
    {
        PaneInput input = new(Observations.Leak, PaneState.Initial, Facts, width, height);
        string screen = GoldenScreens.Draw(Find(pane), input, GlyphSet.Ascii).ToString();
        Assert.DoesNotContain(screen, letter => letter > '~');
        if (width == 80) GoldenScreens.AssertSame($"{pane}-80x22-ascii", screen);
    }

    [Theory]
    [MemberData(nameof(PanesAndSizes))]
    public void Every_pane_shows_what_is_denied_and_what_has_ended(string pane, int width, int height)
    {
        if (width != 80 && width != 120) return;
        Check(pane, width, height, "-denied", Observations.Denied, Facts);
        Check(pane, width, height, "-ended", Observations.Ended, Facts);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(12, 4)]
    [InlineData(400, 2)]
    [InlineData(9, 120)]
    public void No_size_is_too_small_to_draw(int width, int height)
    {
        foreach (IPane pane in PaneCatalog.All)
        {
            foreach (Observation? observation in new[] { Observations.Leak, Observations.AllMissing, Observations.Ended, Observations.LeakJustAttached, null })
                GoldenScreens.Draw(pane, new PaneInput(observation, PaneState.Initial, Facts, width, height));
        }
    }

    [Fact]
    public void Roles_of_the_theme_reach_the_cells() => GoldenScreens.AssertSame(
        "overview-80x22-styled",
        GoldenScreens.Styled(GoldenScreens.Draw(Find("overview"), new PaneInput(Observations.Leak, PaneState.Initial, Facts, 80, 22))));

    private static AppFacts Facts { get; } = new() { Processes = Observations.Processes, OwnLog = Observations.OwnLog, Alerts = Reading.Of(AgentAlertsSample.Alerts), Fleet = Reading.Of(FleetSample.Fleet) };

    private static IPane Find(string id) => PaneCatalog.All.Single(pane => pane.Id == id);

    private static void Check(string pane, int width, int height, string kind, Observation? observation, AppFacts app)
    {
        PaneInput input = new(observation, PaneState.Initial, app, width, height);
        GoldenScreens.AssertSame($"{pane}-{width}x{height}{kind}", GoldenScreens.Draw(Find(pane), input).ToString());
    }
}
