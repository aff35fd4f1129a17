using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>One thing waited on, or many alike: how it stands, where they wait for it, and what would let them go on.</summary>
internal static class WaitDetail
{
    private const int MaximumSites = 20;
    private const int HoldersShown = 3;

    /// <summary>Null when nobody waits on it any more.</summary>
    public static WaitFamily? Find(WaitIndex? index, WaitKey key)
    {
        if (index is null) return null;
        foreach (WaitFamily family in index.Families)
        {
            if (WaitKey.Of(index, family) == key) return family;
        }

        return null;
    }

    /// <summary><c>chan orders.Event</c>, <c>835 × chan main.order</c>.</summary>
    public static string Name(WaitIndex index, WaitFamily family)
    {
        string name = WaitWords.Kind(index.Objects[family.First], index.ElementType(family.First));
        return family.IsOne ? name : $"{Figures.Count(family.Things.Length)} × {name}";
    }

    /// <summary>As all of them stand; empty when they differ.</summary>
    public static string Standing(WaitIndex index, WaitFamily family)
    {
        string standing = WaitWords.Standing(index.Objects[family.First]);
        return family.Things.All(thing => WaitWords.Standing(index.Objects[thing]) == standing) ? standing : "";
    }

    /// <summary><c>4,471 wait for chan orders.Event (full, 64 of 64) at 0xc0003c8000</c>.</summary>
    public static string Title(WaitIndex index, WaitFamily family)
    {
        string standing = Standing(index, family);
        string where = family.IsOne ? $" at {WaitWords.Address(index.Objects[family.First])}" : "";
        return $"{Figures.Count(family.Waiters)} wait for {Name(index, family)}{(standing.Length > 0 ? $" ({standing})" : "")}{where}";
    }

    public static PreviewPanel Preview(WaitIndex index, WaitFamily family, GoroutineTable table) => PreviewPanel.Of("Where they wait", Lines(index, family, table));

    /// <summary>Where they wait, and in the last lines what would let them go on.</summary>
    public static ImmutableArray<(string Text, Tone Tone)> Lines(WaitIndex index, WaitFamily family, GoroutineTable table)
    {
        ImmutableArray<WaitSite> sites = family.IsOne ? index.SitesOf(family.First) : [family.Site with { Count = family.Waiters }];
        List<(string, Tone)> lines = [.. sites.Take(MaximumSites).Select(site => ($"{Figures.Count(site.Count),7}  {site.WaitReason}  {WaitRows.Site(site)}", Tone.Normal))];
        if (sites.Length > MaximumSites) lines.Add((Figures.Counted(sites.Length - MaximumSites, "more place"), Tone.Dim));
        string release = WaitWords.Release(index.Objects[family.First]);
        if (release.Length > 0) lines.Add((release, Tone.Dim));
        if (family.IsOne && Holders(index, family.First, table) is { } holders) lines.Add(holders);
        return [.. lines];
    }

    /// <summary><c>Perhaps held by goroutine 17 [sleep] at main.go:38 main.(*ledger).book, past the place where the others wait.</c>.</summary>
    private static (string Text, Tone Tone)? Holders(WaitIndex index, int thing, GoroutineTable table)
    {
        ImmutableArray<(int Row, CodeLocation At)> holders = index.PerhapsHolding(thing);
        if (holders.IsEmpty) return null;
        IEnumerable<string> words = holders.Take(HoldersShown).Select(holder => Figures.Invariant(
            $"goroutine {table.Rows[holder.Row].Id} [{StateWords.Of(table.Rows[holder.Row].State, table.WaitReasons[table.Rows[holder.Row].WaitReason])}] at {WaitRows.Site(new WaitSite(1, "", holder.At))}"));
        if (holders.Length > HoldersShown) words = words.Append($"{Figures.Count(holders.Length - HoldersShown)} more");
        return ($"Perhaps held by {(holders.Length > 1 ? "one of " : "")}{string.Join(", ", words)}, past the place where the others wait.", Tone.Accent);
    }
}

/// <summary>Key of something waited on; of many alike, what they have in common.</summary>
/// <param name="Address">0 for many.</param>
internal sealed record WaitKey(ulong Address, WaitObjectKind Kind, string ElementType, string WaitReason, CodeLocation Where)
{
    public static WaitKey Of(WaitIndex index, WaitFamily family) => family.IsOne
        ? new WaitKey(index.Objects[family.First].Address, WaitObjectKind.Channel, "", "", default)
        : new WaitKey(0, index.Objects[family.First].Kind, index.ElementType(family.First), family.Site.WaitReason, family.Site.Where);
}
