using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Panes;

namespace GoTop.App;

/// <summary>A line of the palette: an action or a pane.</summary>
/// <param name="Name">What can be typed for it.</param>
/// <param name="Argument">What has been typed after the name; empty when nothing has.</param>
public sealed record PaletteEntry(string Name, string Title, string Keys, UserAction? Action, string? Pane, string Argument);

/// <summary>What the palette offers for what has been typed.</summary>
public static class Palette
{
    private const string PaneNumberPrefix = "pane-";

    /// <summary>Best first; with nothing typed, panes and then actions in the catalogue's order.</summary>
    public static ImmutableArray<PaletteEntry> Match(string typed, KeyMap keys, IEnumerable<IPane> panes)
    {
        string text = typed.TrimStart();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && keys.Actions.FirstOrDefault(action => action.Id == text[..space]) is { Argument: not null } wanted)
            return [Entry(wanted, keys, text[(space + 1)..].Trim())];

        IEnumerable<PaletteEntry> all = panes
            .Select(pane => new PaletteEntry(pane.Id, $"Go to {pane.Title}", "", null, pane.Id, ""))
            // The panes are there by name already.
            .Concat(keys.Actions.Where(action => !action.Id.StartsWith(PaneNumberPrefix, StringComparison.Ordinal)).Select(action => Entry(action, keys, "")));
        return
        [
            .. all.Select(entry => (Entry: entry, Score: Best(text, entry)))
                .Where(match => match.Score is not null)
                .OrderByDescending(match => text.Length == 0 ? 0 : match.Score)
                .Select(match => match.Entry),
        ];
    }

    private static PaletteEntry Entry(UserAction action, KeyMap keys, string argument) =>
        new(action.Id, action.Title, string.Join(' ', keys.KeysOf(action)), action, null, argument);

    private static int? Best(string text, PaletteEntry entry)
    {
        int? byName = FuzzyMatch.Score(text, entry.Name), byTitle = FuzzyMatch.Score(text, entry.Title);
        return byName > byTitle || byTitle is null ? byName : byTitle;
    }
}
