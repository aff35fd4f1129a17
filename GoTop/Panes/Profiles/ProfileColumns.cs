using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>What a column of functions or lines holds.</summary>
internal enum ProfileColumn : byte
{
    Flat,
    FlatShare,
    Cumulative,
    CumulativeShare,

    /// <summary>How fast the flat value grew since the profile before.</summary>
    FlatRate,
    FlatChange,
    CumulativeChange,
    Function,
    Place,
}

/// <summary>The columns of a list of functions or lines, in Go's words: flat is the function itself, cum with all that it calls.</summary>
internal sealed record ProfileColumns(ImmutableArray<ProfileColumn> Kinds, ImmutableArray<TableColumn> Columns)
{
    private static readonly TableColumn Function = new("FUNCTION", 20, Grow: 3, Fit: Fit.GoName), Place = new("WHERE", 14, Priority: 1, Grow: 2, Fit: Fit.Start);

    public static ProfileColumns Plain { get; } = new(
        [ProfileColumn.Flat, ProfileColumn.FlatShare, ProfileColumn.Cumulative, ProfileColumn.CumulativeShare, ProfileColumn.Function, ProfileColumn.Place],
        [new("FLAT", 8, Align.Right), new("FLAT%", 6, Align.Right, Priority: 3), new("CUM", 8, Align.Right, Priority: 4), new("CUM%", 6, Align.Right, Priority: 2), Function, Place]);

    public static ProfileColumns WithRate { get; } = new(
        [ProfileColumn.Flat, ProfileColumn.FlatShare, ProfileColumn.FlatRate, ProfileColumn.Cumulative, ProfileColumn.CumulativeShare, ProfileColumn.Function, ProfileColumn.Place],
        [
            new("FLAT", 8, Align.Right), new("FLAT%", 6, Align.Right, Priority: 3), new("GROWTH", 11, Align.Right, Priority: 2), new("CUM", 8, Align.Right, Priority: 4),
            new("CUM%", 6, Align.Right, Priority: 5), Function, Place,
        ]);

    public static ProfileColumns Compared { get; } = new(
        [
            ProfileColumn.FlatChange, ProfileColumn.CumulativeChange, ProfileColumn.Flat, ProfileColumn.Cumulative, ProfileColumn.CumulativeShare, ProfileColumn.Function,
            ProfileColumn.Place,
        ],
        [
            new("FLAT +/-", 11, Align.Right), new("CUM +/-", 11, Align.Right, Priority: 2), new("FLAT", 10, Align.Right, Priority: 3), new("CUM", 10, Align.Right, Priority: 4),
            new("CUM%", 6, Align.Right, Priority: 5), Function, Place,
        ]);

    /// <summary>Numbers sort from the largest down, texts from A on; inverted is the other way round.</summary>
    public bool IsDescending(int column, bool inverted) => Kinds[column] is not (ProfileColumn.Function or ProfileColumn.Place) != inverted;

    public int Clamp(int column) => Math.Clamp(column, 0, Kinds.Length - 1);
}
