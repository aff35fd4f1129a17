using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>What is told of the selected frame, since its bar may be too narrow for its name.</summary>
internal static class ProfileFlameDetails
{
    public static ImmutableArray<(string Text, Tone Tone)> Of(ShownProfile shown, ProfileFlame flame, int node)
    {
        if (node < 0) return [];
        CallTree tree = flame.Tree;
        if (node == 0)
        {
            return
            [
                ($"all: {Value(tree.TotalOf(0))}", Tone.Accent),
                ("arrows move; Enter zooms, again opens the function; Esc zooms out; / searches", Tone.Dim),
            ];
        }

        string name = tree.NameOf(node), place = PlaceOf(shown, name);
        string text = $"{Value(tree.TotalOf(node))}, {Figures.Percent(shown.Share(tree.TotalOf(node)))} of all; {ProfilePane.Itself(shown, tree.FlatOf(node))}";
        if (shown.IsMarked && tree.HasBefore)
        {
            double change = (tree.TotalOf(node) * shown.Scale) - (tree.TotalBeforeOf(node) * shown.ThenScale);
            text += $"; {shown.Measure.FormatChange(change, shown.IsPerSecond)} since then";
        }

        return [(place.Length > 0 ? $"{name}  {place}" : name, Tone.Accent), (text, Tone.Normal)];

        string Value(long value) => shown.Measure.Format(value);
    }

    private static string PlaceOf(ShownProfile shown, string function)
    {
        foreach (FunctionTotals row in shown.Profile.Functions(shown.Type))
        {
            if (row.Function == function) return ProfileRows.PlaceOf(row.File, row.Line);
        }

        return "";
    }
}
