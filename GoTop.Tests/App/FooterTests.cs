using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App;

/// <summary>The footer offers the keys that do something, and no others.</summary>
public sealed class FooterTests
{
    private static readonly Observation[] Moments = [Observations.Leak, Observations.Healthy, KernelObservations.Neighbour, ProfileObservations.Trouble];

    public static TheoryData<string, int> PanesAndViews
    {
        get
        {
            TheoryData<string, int> all = [];
            foreach (IPane pane in PaneCatalog.All)
            {
                for (int view = 0; view < Math.Max(1, pane.Views.Length); view++) all.Add(pane.Id, view);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(PanesAndViews))]
    public void A_key_that_does_something_is_offered(string id, int view)
    {
        IPane pane = PaneCatalog.All.Single(one => one.Id == id);
        PaneState state = PaneState.Initial with { View = view };
        foreach (Observation moment in Moments)
        {
            PaneInput input = new(moment, state, AppFacts.Empty, 120, 37);
            if (!pane.HasRows(state))
            {
                Assert.Equal(state, pane.Handle(PaneCommand.Open, input));
                Assert.Equal(state, pane.Handle(PaneCommand.NextSort, input));
                Assert.Empty(pane.SortColumns(input));
            }

            if (pane.Views.Length < 2) Assert.Equal(state, pane.Handle(PaneCommand.NextView, input));
        }
    }

    [Fact]
    public void A_page_without_rows_offers_what_can_be_done_from_it_instead()
    {
        using AppUnderTest test = new();
        Assert.StartsWith(" enter  open  esc  back  /  filter  s  sort ", Last(test), StringComparison.Ordinal);
        test.Overview.Views = ["one", "two"];
        test.Publish(2);
        Assert.Contains(" v  view ", Last(test), StringComparison.Ordinal);
        test.Overview.Rows = false;
        test.Overview.Views = [];
        test.Publish(3);
        Assert.StartsWith(" esc  back  space  pause  m  mark  c  capture  a  cores  r  service ", Last(test), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_is_too_long_shows_that_it_goes_on()
    {
        using AppUnderTest test = new();
        test.Host.Say(new string('x', 150));
        test.Publish(2);
        Assert.EndsWith("xxx…", Last(test), StringComparison.Ordinal);
    }

    private static string Last(AppUnderTest test) => test.Screen().Split('\n')[39];
}
