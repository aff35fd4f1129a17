using System.Collections.Immutable;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Widgets;

namespace GoTop.Panes.Fleet;

/// <param name="Notice">In place of everything.</param>
/// <param name="Opened">The target whose figures are shown in place of the table.</param>
/// <param name="Selected">Told in full below the table where there is room.</param>
public sealed record FleetView(
    ImmutableArray<string> Views, int View, NoticeView? Notice, string Status, Tone StatusTone, TableView? Table, RankedRow? Selected, FleetOpenedView? Opened, ImmutableArray<FleetPart> Troubled);

/// <summary>One target with all its figures.</summary>
/// <param name="History">Absent with its reason.</param>
public sealed record FleetOpenedView(RankedRow Row, ImmutableArray<FleetFigureLine> Figures, Reading<FleetHistory> History);

/// <param name="Peers">What its peers have where it stands apart from them; empty where it does not.</param>
public sealed record FleetFigureLine(FleetFigureInfo Info, Figure Value, string Peers, Tone Tone);
