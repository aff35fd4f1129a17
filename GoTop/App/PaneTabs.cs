using System.Collections.Immutable;
using System.Globalization;
using GoTop.Panes;
using GoTop.Screen;
using Terminal.Gui.Text;

namespace GoTop.App;

/// <summary>The line of panes with their digits. Where it is too narrow, the titles of those not shown are cut.</summary>
internal static class PaneTabs
{
    public sealed record Tab(string Pane, string Text, int Left, int Width);

    /// <summary>Where each tab goes; also for the mouse.</summary>
    public static ImmutableArray<Tab> Arrange(IEnumerable<IPane> panes, string current, int width)
    {
        IPane[] all = [.. panes];
        int longest = all.Length == 0 ? 0 : all.Max(pane => pane.Title.Length);
        while (longest > 0 && all.Select((pane, i) => Text(pane, i, current, longest).GetColumns() + 1).Sum() > width) longest--;
        ImmutableArray<Tab>.Builder tabs = ImmutableArray.CreateBuilder<Tab>(all.Length);
        int x = 0;
        for (int i = 0; i < all.Length; i++)
        {
            string text = Text(all[i], i, current, longest);
            tabs.Add(new Tab(all[i].Id, text, x, text.GetColumns()));
            x += text.GetColumns() + 1;
        }

        return tabs.ToImmutable();
    }

    public static void Draw(IEnumerable<IPane> panes, string current, DrawContext context)
    {
        context.Surface.Fill(context.Theme.Text);
        foreach (Tab tab in Arrange(panes, current, context.Surface.Width))
        {
            bool shown = tab.Pane == current;
            int x = context.Surface.Write(tab.Left, 0, tab.Text.AsSpan(0, 2), shown ? context.Theme.Selection.Bold() : new Style(context.Theme.Accent, context.Theme.Background));
            context.Surface.Write(x, 0, tab.Text.AsSpan(2), shown ? context.Theme.Selection.Bold() : context.Theme.DimText);
        }
    }

    /// <summary>Two columns of digit and a title, e.g. <c> 2 Goroutines </c>.</summary>
    private static string Text(IPane pane, int index, string current, int longest)
    {
        string digit = index < 10 ? ((index + 1) % 10).ToString(CultureInfo.InvariantCulture) : " ";
        string title = pane.Id == current || pane.Title.Length <= longest ? pane.Title : pane.Title[..longest];
        return title.Length == 0 ? $" {digit} " : $" {digit} {title} ";
    }
}
