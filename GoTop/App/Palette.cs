using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Panes;

namespace GoTop.App;

/// <summary>A line of the palette: an action, a pane, or a view of one.</summary>
/// <param name="Name">What can be typed for it.</param>
/// <param name="Argument">What has been typed after the name; empty when nothing has.</param>
public sealed record PaletteEntry(string Name, string Title, string Keys, UserAction? Action, string? Pane, string Argument)
{
    /// <summary>Which view of the pane; −1 for whichever it shows.</summary>
    public int View { get; init; } = -1;
}

/// <summary>What the palette offers for what has been typed.</summary>
public static class Palette
{
    private const string PaneNumberPrefix = "pane-";

    /// <summary>A name is typed more likely than a word of a title.</summary>
    private const int NameBonus = 300;

    /// <summary>Best first; with nothing typed, panes and then actions in the catalogue's order.</summary>
    public static ImmutableArray<PaletteEntry> Match(string typed, KeyMap keys, IEnumerable<IPane> panes)
    {
        string text = typed.TrimStart();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && keys.Actions.FirstOrDefault(action => action.Id == text[..space]) is { Argument: not null } wanted)
            return [Entry(wanted, keys, text[(space + 1)..].Trim())];

        IEnumerable<PaletteEntry> all = panes
            .Select(pane => new PaletteEntry(pane.Id, $"Go to {pane.Title}", "", null, pane.Id, ""))
            .Concat(panes.SelectMany(pane => pane.Views.Select((view, i) => new PaletteEntry($"{pane.Id} {view}", $"Go to {pane.Title}: {view}", "", null, pane.Id, "") { View = i })))
            // The panes are there by name already.
            .Concat(keys.Actions.Where(action => !IsPaneNumber(action)).Select(action => Entry(action, keys, "")));
        return
        [
            .. all.Where(entry => text.Length > 0 || entry.View < 0)
                .Select(entry => (Entry: entry, Score: Best(text, entry)))
                .Where(match => match.Score is not null)
                .OrderByDescending(match => text.Length == 0 ? 0 : match.Score)
                .Select(match => match.Entry),
        ];
    }

    internal static bool IsPaneNumber(UserAction action) => action.Id.StartsWith(PaneNumberPrefix, StringComparison.Ordinal);

    private static PaletteEntry Entry(UserAction action, KeyMap keys, string argument) =>
        new(action.Id, action.Title, string.Join(' ', keys.KeysOf(action)), action, null, argument);

    private static int? Best(string text, PaletteEntry entry)
    {
        int? byName = FuzzyMatch.Score(text, entry.Name) + NameBonus, byTitle = FuzzyMatch.Score(text, entry.Title);
        return byName > byTitle || byTitle is null ? byName : byTitle;
    }
}
