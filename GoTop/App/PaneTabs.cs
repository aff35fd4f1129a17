using System.Collections.Immutable;
using System.Globalization;
using GoTop.Panes;
using GoTop.Screen;
using Terminal.Gui.Text;

namespace GoTop.App;

/// <summary>
/// The line of panes with their digits or letters. Where it is too narrow the titles of those not shown become short, then
/// the tabs stand close, then even closer to their digits, and at last titles are cut.
/// </summary>
internal static class PaneTabs
{
    private enum Spacing
    {
        Apart,
        Close,
        Tight,
    }

    /// <param name="Digit">Columns at its beginning that its digit takes.</param>
    public sealed record Tab(string Pane, string Text, int Left, int Width, int Digit);

    /// <summary>Where each tab goes; also for the mouse.</summary>
    public static ImmutableArray<Tab> Arrange(IEnumerable<IPane> panes, string current, int width)
    {
        IPane[] all = [.. panes];
        string[] full = [.. all.Select(pane => pane.Title)], brief = [.. all.Select(pane => pane.ShortTitle)];
        string[] mixed = [.. all.Select(pane => pane.Id == current ? pane.Title : pane.ShortTitle)];
        foreach ((string[] titles, Spacing spacing) in new[] { (full, Spacing.Apart), (mixed, Spacing.Apart), (mixed, Spacing.Close), (brief, Spacing.Close), (brief, Spacing.Tight) })
        {
            if (Widths(all, titles, spacing) <= width) return Place(all, titles, spacing);
        }

        int longest = brief.Max(title => title.Length);
        while (longest > 0 && Widths(all, Cut(longest), Spacing.Tight) > width) longest--;
        return Place(all, Cut(longest), Spacing.Tight);

        string[] Cut(int most) => [.. all.Select(pane => pane.Id == current || pane.ShortTitle.Length <= most ? pane.ShortTitle : pane.ShortTitle[..most])];
    }

    public static void Draw(IEnumerable<IPane> panes, string current, DrawContext context)
    {
        context.Surface.Fill(context.Theme.Text);
        foreach (Tab tab in Arrange(panes, current, context.Surface.Width))
        {
            bool shown = tab.Pane == current;
            int x = context.Surface.Write(tab.Left, 0, tab.Text.AsSpan(0, tab.Digit), shown ? context.Theme.Selection.Bold() : new Style(context.Theme.Accent, context.Theme.Background));
            context.Surface.Write(x, 0, tab.Text.AsSpan(tab.Digit), shown ? context.Theme.Selection.Bold() : context.Theme.DimText);
        }
    }

    private static int Widths(IPane[] panes, string[] titles, Spacing spacing) =>
        titles.Select((title, i) => Text(panes[i], title, i, spacing).GetColumns() + (spacing == Spacing.Apart ? 1 : 0)).Sum();

    private static ImmutableArray<Tab> Place(IPane[] panes, string[] titles, Spacing spacing)
    {
        ImmutableArray<Tab>.Builder tabs = ImmutableArray.CreateBuilder<Tab>(panes.Length);
        int x = 0;
        for (int i = 0; i < panes.Length; i++)
        {
            string text = Text(panes[i], titles[i], i, spacing);
            tabs.Add(new Tab(panes[i].Id, text, x, text.GetColumns(), spacing == Spacing.Apart ? 2 : 1));
            x += text.GetColumns() + (spacing == Spacing.Apart ? 1 : 0);
        }

        return tabs.ToImmutable();
    }

    /// <summary>Its digit or letter and its title: <c> 2 Goroutines </c>, close <c>2 Goro </c>, or tight <c>2Goro </c>.</summary>
    private static string Text(IPane pane, string title, int index, Spacing spacing)
    {
        string digit = index < 10 ? ((index + 1) % 10).ToString(CultureInfo.InvariantCulture) : pane.TabKey ?? " ";
        string before = spacing == Spacing.Apart ? " " : "", between = spacing == Spacing.Tight || title.Length == 0 ? "" : " ";
        return $"{before}{digit}{between}{title} ";
    }
}
