using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.App;
using GoTop.Panes;
using Xunit;

namespace GoTop.Tests.App;

public sealed class PaneTabsTests
{
    private static readonly IPane[] Panes = [.. PaneCatalog.All.Where(pane => pane.Id is not (AppController.PickerPane or AppController.FleetPane))];

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Every_pane_has_a_tab_that_can_be_read_and_hit(int width)
    {
        foreach (IPane current in Panes)
        {
            ImmutableArray<PaneTabs.Tab> tabs = PaneTabs.Arrange(Panes, current.Id, width);
            Assert.Equal(Panes.Select(pane => pane.Id), tabs.Select(tab => tab.Pane));
            int end = 0;
            for (int i = 0; i < tabs.Length; i++)
            {
                Assert.True(tabs[i].Left >= end && tabs[i].Left + tabs[i].Width <= width);
                end = tabs[i].Left + tabs[i].Width;
                Assert.True(tabs[i].Text.Contains(Panes[i].ShortTitle, StringComparison.Ordinal) || tabs[i].Text.Contains(Panes[i].Title, StringComparison.Ordinal), tabs[i].Text);
            }
        }
    }

    [Fact]
    public void Panes_without_a_digit_show_the_letter_that_leads_to_them()
    {
        ImmutableArray<PaneTabs.Tab> tabs = PaneTabs.Arrange(Panes, "cpu", 200);
        foreach (IPane pane in Panes.Skip(10))
        {
            Assert.Contains(ActionCatalog.All, action => action.Id == $"pane-{pane.Id}" && action.DefaultKeys.Contains(pane.TabKey!));
            Assert.StartsWith($" {pane.TabKey} {pane.Title}", tabs[Array.IndexOf(Panes, pane)].Text, StringComparison.Ordinal);
        }

        Assert.All(Panes.Take(10), pane => Assert.Null(pane.TabKey));
    }

    [Fact]
    public void Titles_are_in_full_where_there_is_room_and_cut_where_there_is_none()
    {
        Assert.All(PaneTabs.Arrange(Panes, "cpu", 200).Zip(Panes), tab => Assert.Contains($" {tab.Second.Title} ", tab.First.Text, StringComparison.Ordinal));
        ImmutableArray<PaneTabs.Tab> narrow = PaneTabs.Arrange(Panes, "cpu", 45);
        Assert.True(narrow[^1].Left + narrow[^1].Width <= 45);
        Assert.Contains("CPU", narrow[Array.FindIndex(Panes, pane => pane.Id == "cpu")].Text, StringComparison.Ordinal);
        Assert.Empty(PaneTabs.Arrange([], "cpu", 80));
    }
}
